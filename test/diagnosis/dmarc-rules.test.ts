import { dmarcNames } from '../../lambda/dkim/questions.ts';
import type { DnsEvidence } from '../../lambda/model/evidence.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import type { Outcome } from '../../lambda/model/lookup.ts';
import { type DnsName, dnsName } from '../../lambda/model/names.ts';
import { answer, cname, KEY, lookup, NODATA, NXDOMAIN, only, REFUSED, type Scene, SERVFAIL, SILENT, txt } from './build.ts';
import { among, type Case, followed, outcomeOf } from './say.ts';

const OWN = dnsName('_dmarc.example.com');
const says = (text: string, at: DnsName = OWN): Outcome => answer(txt(at, text));
/** What the resolver says at `_dmarc.<domain>` and the names above; a name that is not given was not asked. */
const dmarc = (...outcomes: readonly Outcome[]): Partial<DnsEvidence> => at(dmarcNames(dnsName('example.com')), outcomes);
const at = (names: readonly DnsName[], outcomes: readonly Outcome[]): Partial<DnsEvidence> => ({
  dmarc: outcomes.flatMap((outcome, i) => {
    const name = names[i];
    return name === undefined ? [] : [lookup({ role: 'resolver', address: '198.51.100.53' }, name, 'TXT', outcome)];
  }),
});
const REJECT = dmarc(says('v=DMARC1; p=reject'));
const lost = only(0, NXDOMAIN);
const bounce: SesFacts['mailFrom'] = { domain: dnsName('bounce.example.com'), status: 'SUCCESS', rejects: false };
const missing = (change: Scene, dns: Partial<DnsEvidence> = REJECT): Scene => ({ answer: lost, dns, ...change });

describe('dmarc-at-risk', () => {
  test.each<Case>([
    ['p=reject', missing({}), 'broken record-missing/critical dmarc-at-risk/critical'],
    ['p=quarantine', missing({}, dmarc(says('v=DMARC1; p=quarantine'))), 'broken record-missing/critical dmarc-at-risk/critical'],
    ['it raises what was a warning', missing({ ses: { status: 'PENDING' } }), 'broken record-missing/critical dmarc-at-risk/critical'],
    [
      'a MAIL FROM domain that does not work',
      missing({ ses: { mailFrom: { ...bounce, status: 'PENDING' } } }),
      'broken record-missing/critical dmarc-at-risk/critical',
    ],
    [
      'a MAIL FROM domain that is right, and a policy that wants the very name',
      missing({ ses: { mailFrom: bounce } }, dmarc(says('v=DMARC1; p=reject; aspf=s'))),
      'broken record-missing/critical dmarc-at-risk/critical',
    ],
    ['no policy at all', missing({}, dmarc(NXDOMAIN)), 'broken record-missing/critical dmarc-at-risk/notice'],
    ['another text in its place', missing({}, dmarc(says('v=spf1 -all'))), 'broken record-missing/critical dmarc-at-risk/notice'],
    [
      'signing switched off',
      { ses: { signing: false }, history: { signing: false }, dns: REJECT },
      'broken signing-disabled/critical dmarc-at-risk/critical',
    ],
    [
      'DKIM was never set up',
      { method: 'none', identity: { tokens: [] }, ses: { status: 'NOT_STARTED' }, history: 'first-sight', dns: REJECT },
      'broken dkim-not-set-up/critical dmarc-at-risk/critical',
    ],
    [
      'SES doubts what is right',
      { ses: { status: 'TEMPORARY_FAILURE' }, dns: REJECT },
      'broken ses-cannot-verify/critical dmarc-at-risk/critical',
    ],
    [
      'no key behind the records',
      { resolvers: (r) => [answer(cname(r.name, r.type === 'CNAME' ? r.target : ''))], dns: REJECT },
      'broken target-has-no-key/critical dmarc-at-risk/critical',
    ],
    [
      'two records, neither a key',
      {
        method: 'byodkim',
        answer: only('all', (r) => answer(txt(r.name, 'a'), txt(r.name, 'b')), { type: 'TXT' }),
        ses: { status: 'PENDING' },
        dns: REJECT,
      },
      'broken record-ambiguous/critical dmarc-at-risk/critical',
    ],
    [
      'no name server knows the domain',
      { answer: only('all', REFUSED), soa: () => REFUSED, history: { offAirSweeps: 2 }, dns: REJECT },
      'broken nameserver-broken/critical dmarc-at-risk/critical',
    ],
    // Must not fire:
    ['p=none', missing({}, dmarc(says('v=DMARC1; p=none'))), 'broken record-missing/critical'],
    [
      'only for part of the mail, which is none',
      missing({}, dmarc(says('v=DMARC1; p=quarantine; pct=0'))),
      'broken record-missing/critical',
    ],
    ['a record that asks for nothing known', missing({}, dmarc(says('v=DMARC1; p=refuse'))), 'broken record-missing/critical'],
    [
      'two records: receivers apply neither',
      missing({}, dmarc(answer(txt(OWN, 'v=DMARC1; p=reject'), txt(OWN, 'v=DMARC1; p=none')))),
      'broken record-missing/critical',
    ],
    ['SPF counts for the domain', missing({ ses: { mailFrom: bounce } }), 'broken record-missing/critical'],
    ['it may not send', missing({ ses: { verifiedForSending: false } }), 'broken record-missing/critical'],
    ['the resolver fails', missing({}, dmarc(SERVFAIL)), 'broken record-missing/critical'],
    ['the resolver is silent', missing({}, dmarc(SILENT)), 'broken record-missing/critical'],
    ['nobody asked', missing({}, {}), 'broken record-missing/critical'],
    ['nothing is wrong', { dns: REJECT }, 'healthy'],
    ['only a notice', { soa: (s) => (s === 0 ? REFUSED : undefined), dns: REJECT }, 'healthy nameserver-broken/notice'],
    [
      'half of the name servers: the others answer',
      { soa: (s) => (s === 0 ? REFUSED : undefined), history: { serverTroubleSweeps: 2 }, dns: REJECT },
      'broken nameserver-broken/warning',
    ],
    [
      'a flattened CNAME: receivers find the key',
      { answer: (a) => (a.type === 'TXT' ? answer(txt(a.record.name, `p=${KEY}`)) : NODATA), dns: REJECT },
      'broken record-wrong-type/warning',
    ],
    [
      'two records, one of them good',
      { method: 'byodkim', answer: only('all', (r) => answer(txt(r.name, `p=${KEY}`), txt(r.name, 'b')), { type: 'TXT' }), dns: REJECT },
      'broken record-ambiguous/warning',
    ],
    ['name servers that disagree', { answer: only(0, NXDOMAIN, { server: 1 }), dns: REJECT }, 'broken nameservers-disagree/warning'],
    ['DNS cannot be judged', { answer: only('all', SERVFAIL), dns: REJECT }, 'unknown(dns-unanswered)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('a flattened record beside a lost one is not raised', () => {
    const scene: Scene = {
      ses: { status: 'PENDING' },
      answer: (a) => lost(a) ?? only(1, (r) => (a.type === 'TXT' ? answer(txt(r.name, `p=${KEY}`)) : NODATA))(a),
      dns: REJECT,
    };
    expect(outcomeOf(scene)).toBe('broken record-missing/critical record-wrong-type/warning dmarc-at-risk/critical');
  });

  test('a wrong target is raised as well, in all its findings', () => {
    const scene: Scene = {
      ses: { status: 'PENDING' },
      answer: only(0, (r) => answer(cname(r.name, 'parking.example'))),
      resolvers: followed('parking.example'),
      dns: REJECT,
    };
    expect(outcomeOf(scene)).toBe('broken record-wrong-target/critical dmarc-at-risk/critical');
  });
});

test('says whether SPF would do but for the strictness of the policy', () => {
  const strict = dmarc(says('v=DMARC1; p=reject; aspf=s'));
  expect(among(missing({ ses: { mailFrom: bounce } }, strict), 'dmarc-at-risk').facts).toEqual({
    policy: 'reject',
    at: OWN,
    strictSpf: true,
  });
  expect(among(missing({}, strict), 'dmarc-at-risk').facts).toEqual({ policy: 'reject', at: OWN });
});

describe('where the policy stands', () => {
  const sub: NonNullable<Scene['identity']> = { identity: 'news.example.com', domain: dnsName('news.example.com') };
  const names = dmarcNames(dnsName('news.example.com'));
  const above = (text: string): readonly Outcome[] => [NXDOMAIN, says(text)];
  test.each<readonly [string, readonly Outcome[], string | undefined]>([
    ['its own record', [says('v=DMARC1; p=reject', names[0]), says('v=DMARC1; p=none')], 'reject _dmarc.news.example.com'],
    ['its own record, whatever is said above', [says('v=DMARC1; p=none', names[0]), says('v=DMARC1; p=reject')], undefined],
    ['the domain above', above('v=DMARC1; p=reject'), 'reject _dmarc.example.com'],
    ['the domain above, for those below it', above('v=DMARC1; p=none; sp=quarantine'), 'quarantine _dmarc.example.com'],
    ['the domain above, milder for those below it', above('v=DMARC1; p=reject; sp=none'), undefined],
    ['its own sp= is for others', [says('v=DMARC1; p=none; sp=reject', names[0])], undefined],
    ['a text of another kind at its own name', [says('hello', names[0]), says('v=DMARC1; p=reject')], 'reject _dmarc.example.com'],
    ['nowhere', [NXDOMAIN, NODATA], 'absent'],
    ['nowhere so far: the name above was not asked', [NXDOMAIN], undefined],
    ['a resolver failed on the way', [SERVFAIL, says('v=DMARC1; p=reject')], undefined],
    [
      'a CNAME to a record elsewhere',
      [answer(cname(names[0] ?? '', 'd.example'), txt('d.example', 'v=DMARC1; p=reject'))],
      'reject _dmarc.news.example.com',
    ],
  ])('%s', (_, outcomes, expected) => {
    const scene: Scene = { identity: sub, answer: lost, dns: at(names, outcomes) };
    if (expected === undefined) expect(outcomeOf(scene)).toBe('broken record-missing/critical');
    else {
      const { facts } = among(scene, 'dmarc-at-risk');
      expect([facts.policy, facts.at].filter((part) => part !== undefined).join(' ')).toBe(expected);
    }
  });
});

test("a policy at a name between is one that most receivers never see: the organizational domain's counts", () => {
  const deep = dnsName('a.news.example.com');
  const asked = (...said: readonly [string, Outcome][]): Partial<DnsEvidence> =>
    at(
      said.map(([name]) => dnsName(name)),
      said.map(([, outcome]) => outcome),
    );
  const between = dnsName('_dmarc.news.example.com');
  const scene = (text: string): Scene => ({
    identity: { identity: deep, domain: deep },
    answer: lost,
    dns: asked([`_dmarc.${deep}`, NXDOMAIN], [between, says('v=DMARC1; p=reject', between)], ['_dmarc.example.com', says(text)]),
  });
  expect(outcomeOf(scene('v=DMARC1; p=none'))).toBe('broken record-missing/critical');
  expect(outcomeOf(scene('v=DMARC1; p=none; np=reject'))).toBe('broken record-missing/critical');
  expect(among(scene('v=DMARC1; p=none; sp=quarantine'), 'dmarc-at-risk').facts).toEqual({ policy: 'quarantine', at: OWN });
});
