// The trace of a check for people: golden/trace-*.txt.
import { tracePage } from '../../lambda/messages/trace-page.ts';
import type { TraceEntry } from '../../lambda/model/trace.ts';
import { DANGEROUS } from './build.ts';
import { golden } from './golden-file.ts';

const screen = { width: 80, color: false, now: '2026-03-01T14:05:00.000Z' };
const RECORD = '2ybqurj5fvb3ygqrxqw5xg2xlsdd2bqx._domainkey.example.com';

const entry = (more: Partial<TraceEntry> = {}): TraceEntry => ({
  phase: 'all-servers',
  why: 'what do SES and mailbox providers get, who ask for TXT?',
  question: `TXT ${RECORD}`,
  server: 'ns1.example.net (192.0.2.1)',
  role: 'authoritative',
  outcome: 'no such name (NXDOMAIN), says the zone example.com',
  answers: [],
  remarks: [],
  packets: 1,
  ms: 12,
  at: '2026-03-01T14:02:00.500Z',
  ...more,
});

const resolver = { server: '192.0.2.53', role: 'resolver' } as const;
const STORY: readonly TraceEntry[] = [
  entry({
    ...resolver,
    phase: 'servers',
    why: 'which zone holds this name?',
    question: 'NS _domainkey.example.com',
    outcome: 'no such record at this name (NODATA), says the zone example.com',
  }),
  entry({
    ...resolver,
    phase: 'servers',
    why: 'which servers serve the zone?',
    question: 'NS example.com',
    outcome: 'answer',
    answers: ['NS ns1.example.net.', 'NS ns2.example.net.', 'NS ns3.example.net.', 'NS ns4.example.net.'],
  }),
  entry({ phase: 'first-look', why: 'one server: is the record there, and is TXT answered at all?' }),
  entry({
    phase: 'servers-anew',
    role: 'parent',
    server: '192.0.2.99',
    why: 'from the root downwards: who is in charge?',
    question: 'NS example.com',
    outcome: 'refers to the servers below it',
  }),
  entry(),
  entry({ server: 'ns2.example.net (192.0.2.2)', outcome: 'no answer', packets: 4, ms: 7018, remarks: ['without-edns'] }),
  entry({ server: 'ns3.example.net (10.0.0.3)', outcome: 'not asked: this is no public address', packets: 0, ms: 0 }),
  entry({
    server: 'ns4.example.net (192.0.2.4)',
    outcome: 'answer',
    answers: [`TXT "v=DKIM1; k=rsa; p=${'M'.repeat(380)}END"`],
    packets: 2,
    remarks: ['over-tcp', 'case-not-kept'],
  }),
  entry({ phase: 'probes', question: 'TXT x0123._domainkey.example.com', why: 'a name nobody has published' }),
  entry({ phase: 'second-round', server: 'ns2.example.net (192.0.2.2)', outcome: 'no answer', packets: 0, remarks: ['server-dead'] }),
];

test('phase by phase, on a usual and on a narrow screen', () => {
  golden('trace', tracePage({ entries: STORY, omitted: 0 }, screen));
  golden('trace-narrow', tracePage({ entries: STORY, omitted: 3 }, { ...screen, width: 60 }));
});

test('a flood is bounded, and said to be: servers of one question, and questions in all', () => {
  const flood = Array.from({ length: 5000 }, (_, i) =>
    entry({ question: `TXT n${Math.floor(i / 40)}.example.com`, server: `192.0.2.${i % 40}` }),
  );
  const page = tracePage({ entries: flood, omitted: 1000 }, screen);
  expect(page).toContain('6,000 questions, 5,000 packets');
  expect(page).toContain('     and 25 more\n');
  expect(page).toContain('And 5,800 more questions, not shown here');
  expect(page.split('\n').length).toBeLessThan(500);
});

test('hostile texts cannot speak to the terminal, and a time that is none is left out', () => {
  const bad = 'a\u001b]0;owned\u0007\u202e\n';
  const page = tracePage(
    { entries: [entry({ why: bad, question: bad, server: bad, outcome: bad, answers: [bad], at: bad })], omitted: 0 },
    screen,
  );
  expect(DANGEROUS.exec(page)).toBeNull();
  expect(page).not.toContain('Invalid');
});

test('nothing asked is said too', () => {
  expect(tracePage({ entries: [], omitted: 0 }, screen)).toBe('How it was looked up: 0 questions, 0 packets (times in UTC)\n');
});
