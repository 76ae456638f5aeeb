import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { RULEBOOK } from '../../lambda/diagnosis/rulebook.ts';
import type { FindingKind } from '../../lambda/model/finding.ts';
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import {
  APEX,
  answer,
  atFirst,
  cname,
  evidence,
  hoursAgo,
  KEY,
  lookup,
  NODATA,
  NXDOMAIN,
  OTHER_KEY,
  only,
  REFUSED,
  right,
  rsaKey,
  type Scene,
  SERVFAIL,
  TOKENS,
  txt,
} from './build.ts';
import { followed } from './say.ts';

const RANDOM = 'random123._domainkey.example.com';
const OWN = dnsName('s1._domainkey.example.com');
const parked = only(0, (r) => answer(cname(r.name, 'parking.example')));
const text = (value: string) => only('all', (r) => answer(txt(r.name, value)), { type: 'TXT' });
/** The control question, as a resolver answers it that validates as it should. */
const CHECKED: Outcome = {
  kind: 'answer',
  aa: false,
  ad: true,
  records: [{ type: 'SOA', name: 'com', ttl: 900, primary: 'a.gtld-servers.net', serial: 1, refresh: 1800, minimum: 900 }],
};
const key = (value: string): Scene => ({ method: 'byodkim', answer: text(value) });

/** Each makes this kind, on an identity that is otherwise healthy. */
const CAUSES: readonly (readonly [FindingKind, Scene])[] = [
  ['domain-gone', { delegation: { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } }],
  ['nameserver-broken', { answer: only('all', REFUSED), soa: () => REFUSED, history: { offAirSweeps: 2 } }],
  [
    'dnssec-bogus',
    {
      about: (r) => {
        const says = (outcome: Outcome): readonly Lookup[] => [
          lookup({ role: 'resolver', address: '198.51.100.1' }, r.name, 'TXT', outcome),
        ];
        return {
          resolvers: says(SERVFAIL),
          unchecked: says(right(r, 'TXT')),
          resolversAgain: says(SERVFAIL),
          uncheckedAgain: says(right(r, 'TXT')),
        };
      },
      dns: { validation: [lookup({ role: 'resolver', address: '198.51.100.1' }, dnsName('com'), 'SOA', CHECKED)] },
    },
  ],
  ['txt-unanswerable', { answer: only('all', SERVFAIL, { type: 'TXT' }) }],
  ['record-missing', { answer: only(0, NXDOMAIN) }],
  ['wildcard-answer', { answer: parked, beside: () => [atFirst(RANDOM, 'TXT', answer(cname(RANDOM, 'parking.example')))] }],
  [
    'record-name-doubled',
    {
      answer: only(0, NXDOMAIN),
      doubled: (r) => [atFirst(`${r.name}.example.com`, 'TXT', answer(cname(`${r.name}.example.com`, `${r.token}.dkim.amazonses.com`)))],
    },
  ],
  [
    'record-misplaced',
    {
      answer: only(0, NXDOMAIN),
      about: (r) => {
        const name = `${r.token}.domainkey.example.com`;
        return { misplaced: [atFirst(name, 'TXT', answer(cname(name, `${r.token}.dkim.amazonses.com`)))] };
      },
    },
  ],
  ['record-wrong-target', { answer: parked, resolvers: followed('parking.example') }],
  [
    'record-wrong-type',
    { answer: (a) => (a.record.token !== TOKENS[0] ? undefined : a.type === 'TXT' ? answer(txt(a.record.name, `p=${KEY}`)) : NODATA) },
  ],
  ['record-ambiguous', { answer: only(0, (r) => answer(cname(r.name, 'a.example'), cname(r.name, 'b.example'))) }],
  ['nameservers-disagree', { answer: only(0, NXDOMAIN, { server: 1 }) }],
  ['key-revoked', key('p=')],
  ['key-malformed', key('hello')],
  ['key-wrong-type', key('k=ed25519; p=abc')],
  ['key-too-short', key(`p=${rsaKey(768)}`)],
  ['key-restricted', key(`s=web; p=${KEY}`)],
  ['key-mismatch', { ...key(`p=${KEY}`), publicKey: OTHER_KEY }],
  ['key-changed', { ...key(`p=${KEY}`), history: { lastRecords: [{ name: OWN, type: 'TXT', value: `p=${OTHER_KEY}` }] } }],
  ['key-testing', key(`t=y; p=${OTHER_KEY}`)],
];

const never: Scene = {
  onlyHistory: {
    firstSeenAt: hoursAgo(100),
    unknownSweeps: 0,
    serverTroubleSweeps: 2,
    offAirSweeps: 2,
    lastRecords: [{ name: OWN, type: 'TXT', value: `p=${OTHER_KEY}` }],
  },
};
const elsewhere = TOKENS.map((token) =>
  lookup(
    { role: 'authoritative', name: dnsName('ns.old.example'), address: '203.0.113.5' },
    `${token}._domainkey.example.com`,
    'TXT',
    NXDOMAIN,
  ),
);

/** What is wrong at SES, or beside DKIM, at the same time. */
const EFFECTS: readonly (readonly [FindingKind, Scene])[] = [
  ['verification-failed', { ses: { status: 'FAILED' }, ...never }],
  [
    'verification-overdue',
    {
      ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(90) },
      ...never,
      history: {},
      onlyHistory: { ...(never.onlyHistory as NonNullable<Scene['onlyHistory']>), pendingSince: hoursAgo(90) },
    },
  ],
  ['verification-pending', { ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(1) }, ...never }],
  ['ses-cannot-verify', { ses: { status: 'TEMPORARY_FAILURE' } }],
  ['zone-elsewhere', { ses: { status: 'TEMPORARY_FAILURE', soa: { primaryNameServer: 'ns.old.example' } }, dns: { sesSide: elsewhere } }],
  ['key-weak', { ses: { currentKeyLength: 'RSA_1024_BIT' } }],
  ['revoked', { ses: { status: 'FAILED' } }],
  ['dkim-not-set-up', { ses: { status: 'NOT_STARTED' }, ...never }],
  ['signing-disabled', { ses: { signing: false } }],
  ['sending-lost', { ses: { verifiedForSending: false }, history: { maySend: true } }],
  ['mail-from-broken', { ses: { mailFrom: { domain: dnsName('bounce.example.com'), status: 'FAILED', rejects: false } } }],
];

const together = (a: Scene, b: Scene): Scene => ({
  ...a,
  ...b,
  ses: { ...a.ses, ...b.ses },
  dns: { ...a.dns, ...b.dns },
  history: { ...(a.history as object), ...(b.history as object) },
});
const kindsOf = (scene: Scene): readonly FindingKind[] => [...new Set(diagnose(evidence(scene)).findings.map(({ kind }) => kind))];

/** Off the air, no name server knows the domain: then SES cannot have found anything. While some work it hides nothing. */
const OFF_AIR: readonly FindingKind[] = ['verification-failed', 'verification-overdue'];
/** They look at records that are right, and off the air none can be seen. */
const NEED_RIGHT: readonly FindingKind[] = ['verification-pending', 'ses-cannot-verify', 'zone-elsewhere'];

describe.each(CAUSES)('%s', (cause, causeScene) => {
  test('comes alone', () => expect(kindsOf(causeScene)).toEqual([cause]));

  test.each(EFFECTS)('and %s', (effect, effectScene) => {
    const own = causeScene.method === 'byodkim';
    const entry = RULEBOOK.find(({ kind }) => kind === effect);
    const offAir = cause === 'nameserver-broken' && [...OFF_AIR, ...NEED_RIGHT].includes(effect);
    // What SES says of the length of its own keys is nothing about one's own.
    const hidden = entry?.hiddenBy.includes(cause) === true || offAir || (own && effect === 'key-weak');
    const kinds = kindsOf(together(causeScene, effectScene));
    expect([...kinds].sort()).toEqual((hidden ? [cause] : [cause, effect]).sort());
  });
});

test.each(EFFECTS)('%s comes alone where nothing explains it', (effect, scene) => {
  expect(kindsOf(scene)).toEqual([effect]);
});

test('every finding about records hides what SES makes of them, and no finding about sending or signing', () => {
  const about = CAUSES.map(([kind]) => kind).filter(
    (kind) => kind !== 'key-testing' && kind !== 'nameserver-broken' && kind !== 'domain-gone',
  );
  for (const { kind, hiddenBy } of RULEBOOK) {
    const hides = about.filter((cause) => hiddenBy.includes(cause));
    const status = [
      'verification-failed',
      'verification-overdue',
      'verification-pending',
      'ses-cannot-verify',
      'zone-elsewhere',
      'target-has-no-key',
      'replica-broken',
      'key-weak',
    ];
    expect([kind, hides]).toEqual([kind, status.includes(kind) ? about : []]);
  }
});

test('every rule but the first is hidden by an abandoned identity, and by a domain that is gone', () => {
  for (const { kind, hiddenBy } of RULEBOOK) {
    expect([kind, hiddenBy.includes('identity-abandoned')]).toEqual([kind, kind !== 'identity-abandoned']);
    expect([kind, hiddenBy.includes('domain-gone')]).toEqual([kind, kind !== 'identity-abandoned' && kind !== 'domain-gone']);
  }
});
