// The digest as its readers see it: an empty one, a busy one, and one full of hostile names.
import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import { MAX_BYTES, payloadBytes, snsPayload } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Alert } from '../../lambda/model/alert.ts';
import type { Digest, EndedAlert } from '../../lambda/model/digest.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { DigestTelling, TargetCounts } from '../../lambda/model/telling.ts';
import { alert, expectSound, subject, wordsOf } from './build.ts';
import { golden } from './golden-file.ts';

const AT = '2026-03-02T07:00:12.000Z';
const NOW = '2026-03-02T07:01:00.000Z';
const SINCE = '2026-03-01T07:00:11.000Z';
const OPENED = '2026-03-01T14:02:00.000Z';
const MISSING = CATALOG['record-missing'].example as Finding;

const counts = (region: string, healthy: number, more: Partial<TargetCounts> = {}): TargetCounts => {
  const { broken = 0, unknown = 0, muted = 0 } = more;
  return {
    account: '111111111111',
    region,
    identities: healthy + broken + unknown + muted,
    healthy,
    broken,
    unknown,
    muted,
    complete: true,
    ...more,
  };
};
const telling = (digest: Partial<Digest> = {}): DigestTelling => ({
  kind: 'digest',
  event: 'digest',
  alertId: 'digest-0123456789abcdef0123',
  messageId: '0123456789abcdef0123',
  digest: {
    at: AT,
    since: SINCE,
    sweeps: 288,
    open: [],
    ended: [],
    endedDropped: 0,
    mutes: [],
    unseen: [],
    pending: [],
    targets: [counts('eu-west-1', 1200), counts('us-east-1', 4)],
    ...digest,
  },
});
const life = (names: readonly string[], more: Partial<Alert> = {}): Alert =>
  alert({
    openedAt: OPENED,
    affected: names.map((name) => ({ subject: subject(name, { region: 'us-east-1' }), findings: [MISSING] })),
    ...more,
  });
const ended = (more: Partial<EndedAlert> = {}): EndedAlert => ({
  key: '111111111111/eu-west-1/shop.example',
  event: 'recovered',
  account: '111111111111',
  region: 'eu-west-1',
  identity: 'shop.example',
  identities: 1,
  severity: 'critical',
  kinds: ['record-missing'],
  openedAt: OPENED,
  at: '2026-03-01T18:20:00.000Z',
  ...more,
});

const busy = telling({
  open: [
    {
      alert: life(['example.com']),
      severity: 'critical',
      told: true,
      deadline: { name: 'signing-lost', at: '2026-03-04T14:02:00.000Z', estimated: true },
    },
    {
      alert: life(
        [...Array(40).keys()].map((i) => `customer-${i + 1}.example`),
        {
          key: 'cause/servers/0',
          most: 2996,
          severity: 'warning',
          cause: { by: 'servers', names: ['ns1.host.example', 'ns2.host.example'], kind: 'record-missing' },
        },
      ),
      severity: 'warning',
      told: true,
    },
    {
      alert: life([], {
        targetFinding: CATALOG['target-unreadable'].example as Finding,
        kinds: ['target-unreadable'],
        severity: 'warning',
      }),
      severity: 'warning',
      told: false,
    },
  ],
  ended: [
    ended(),
    ended({ cause: { by: 'zone', names: ['brand.example'], kind: 'record-missing' }, identities: 12 }),
    ended({ event: 'expired', why: 'identity-deleted', identity: 'old.example' }),
  ],
  endedDropped: 7,
  mutes: [
    { identity: '*.test.example.com', kinds: ['key-weak'], until: '2026-03-09', reason: 'Test domains; keys change next week.' },
    { identity: 'parked.example', account: '111111111111', kinds: [] },
  ],
  unseen: [
    {
      account: '222222222222',
      region: 'eu-west-1',
      gap: { reason: 'role-refused', detail: 'The role cannot be assumed.' },
      unjudged: 0,
      unread: 4,
    },
    { account: '111111111111', region: 'us-east-1', unjudged: 1, unread: 0 },
  ],
  pending: [
    { account: '111111111111', region: 'us-east-1', identity: 'new.example', until: '2026-03-04T09:00:00.000Z' },
    { account: '111111111111', region: 'us-east-1', identity: 'newer.example' },
  ],
  targets: [
    counts('eu-west-1', 1200, { broken: 40, muted: 2 }),
    counts('us-east-1', 4, { broken: 1, unknown: 1 }),
    { ...counts('eu-west-1', 0, { unknown: 4, complete: false }), account: '222222222222' },
  ],
});

test.each([
  ['digest-empty', telling()],
  ['digest-busy', busy],
])('mail and chat: %s', (name, given) => {
  const message = renderTelling(given, NOW);
  expectSound(message);
  golden(`mail-${name}`, `Subject: ${message.subject}\n\n${message.email}`);
  golden(`chat-${name}`, `${JSON.stringify(JSON.parse(message.chat), undefined, 2)}\n`);
  expect(message.email.split('\n').filter((line) => line.length > 76)).toEqual([]);
});

test('JSON', () => {
  golden('json-digest-busy', `${JSON.stringify(JSON.parse(renderTelling(busy, NOW).json), undefined, 2)}\n`);
});

test('subscribers filter by its event, and no filter for a kind or for trouble lets it through', () => {
  expect(snsPayload(renderTelling(telling(), NOW)).MessageAttributes).toMatchObject({
    event: { StringValue: 'digest' },
    severity: { StringValue: 'notice' },
    kind: { StringValue: 'none' },
    region: { StringValue: '["eu-west-1","us-east-1"]' },
  });
});

test.each([
  ['nothing at all', telling({ targets: [] }), '[DKIM digest] nothing open, 0 healthy'],
  [
    'as in the documentation',
    telling({ open: busy.digest.open, targets: [counts('eu-west-1', 1204, { muted: 2 })] }),
    '[DKIM digest] 3 open (1 critical), 1,204 healthy, 2 muted',
  ],
  ['unread and unjudged', busy, '[DKIM digest] 3 open (1 critical), 1,204 healthy, 5 not judged, 1 target unread, 2 muted'],
])('subject: %s', (_name, given, expected) => {
  expect(renderTelling(given, NOW).subject).toBe(expected);
});

const NASTY = '\u0000\u001b[31m\u202e"\\\u{1f4a3}\u{e0041}`<!channel>|@here [x](http://evil.example) \u2028\n\t';

test('thousands of hostile names do no harm, and fit', () => {
  const hostile = NASTY.repeat(8);
  const many = <T>(make: (i: number) => T): readonly T[] => [...Array(3000).keys()].map(make);
  const place = { account: '111111111111', region: 'us-east-1' };
  const message = renderTelling(
    telling({
      open: many((i) => ({ alert: life([`${i}${hostile}`], { key: `k${i}` }), severity: 'critical', told: true })),
      ended: many((i) => ended({ identity: `${i}${hostile}`, key: hostile, why: hostile })).slice(0, 200),
      mutes: many((i) => ({ identity: `${i}${hostile}`, kinds: [hostile], until: hostile, reason: hostile })),
      unseen: many(() => ({ ...place, gap: { reason: 'denied', detail: hostile }, unjudged: 1, unread: 1 })),
      pending: many((i) => ({ ...place, identity: `${i}${hostile}`, until: hostile })),
      targets: many((i) => ({
        ...counts('us-east-1', 1_000_000, { broken: 1_000_000, unknown: 1_000_000, muted: 1_000_000 }),
        account: `${i}`.padStart(12, '9'),
      })),
    }),
    NOW,
    wordsOf(hostile),
  );
  expectSound(message);
  expect(payloadBytes(message)).toBeLessThanOrEqual(MAX_BYTES);
  expect(message.email).toMatch(/and [\d,]+ more/);
  expect(message.chat).not.toMatch(/<!channel>|@here|\]\(http/);
  const { digest, omitted } = JSON.parse(message.json);
  const named = ['open', 'ended', 'unseen', 'pending', 'mutes'].reduce((n, list) => n + digest[list].length, 0);
  expect(named + omitted).toBe(4 * 3000 + 200);
});
