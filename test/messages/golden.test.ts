// The texts as their readers see them, one file a situation in golden/. After a wanted change of words: UPDATE_GOLDEN=1 npm test -- test/messages
import { readdirSync } from 'node:fs';
import { membersOf } from '../../lambda/alerts/gather.ts';
import { EXAMPLE_RECORDS, EXAMPLE_ZONE } from '../../lambda/diagnosis/catalog/example.ts';
import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import { domainPage, reportTable } from '../../lambda/messages/terminal.ts';
import { stepsOfOne } from '../../lambda/messages/unjudged-advice.ts';
import type { AffectedIdentity, Alert, AlertEvent, NearClock } from '../../lambda/model/alert.ts';
import type { DecisionReason } from '../../lambda/model/decision.ts';
import type { Finding, FindingKind } from '../../lambda/model/finding.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { alert, expectSound, subject } from './build.ts';
import { exampleReport, reportIdentityOf } from './build-report.ts';
import { blind, SILENT } from './build-unjudged.ts';
import { FOLDER, golden } from './golden-file.ts';

const OPENED = '2026-03-01T14:02:00.000Z';
const minutes = (n: number): string => new Date(Date.parse(OPENED) + n * 60_000).toISOString();
const example = (kind: FindingKind): Finding => CATALOG[kind].example as Finding;
const allMissing = {
  ...example('record-missing'),
  records: EXAMPLE_RECORDS,
  facts: { ...example('record-missing').facts, missing: 3 },
} as Finding;

const withFacts = (finding: Finding, facts: object): Finding => ({ ...finding, facts: { ...finding.facts, ...facts } }) as Finding;

function hit(kinds: readonly (FindingKind | Finding)[], more: Parameters<typeof subject>[1] = {}, name = 'example.com'): AffectedIdentity {
  return {
    subject: subject(name, { region: 'eu-west-1', readAt: '2026-03-01T13:40:00.000Z', ...more }),
    findings: kinds.map((kind) => (typeof kind === 'string' ? example(kind) : kind)),
  };
}

function life(affected: readonly AffectedIdentity[], more: Partial<Alert> = {}): Alert {
  const first = affected[0]?.subject;
  return alert({
    openedAt: OPENED,
    lastSeenAt: OPENED,
    target: { ...alert().target, region: (first?.region ?? 'eu-west-1') as Alert['target']['region'] },
    affected,
    kinds: [...new Set(affected.flatMap((a) => a.findings.map((f) => f.kind)))],
    ...more,
  });
}

const told = (at: string): NonNullable<Alert['told']> => ({
  at,
  firstAt: OPENED,
  severity: 'critical',
  kinds: ['record-missing'],
  messageId: 'm0',
  by: 'message',
});
const one = (event: AlertEvent, given: Alert): Telling => ({
  kind: 'alert',
  event,
  reason: 'new',
  alert: given,
  messageId: '0123456789abcdef0123',
});
const many = (
  occasion: 'first-sweep' | 'many-at-once',
  event: AlertEvent,
  alerts: readonly Alert[],
  counts: readonly (readonly [string, number, number, number])[],
): Telling => ({
  kind: 'summary',
  occasion,
  event,
  alertId: 'summary-0123456789abcdef0123',
  messageId: '0123456789abcdef0123',
  alerts,
  targets: counts.map(([region, healthy, broken, unknown]) => ({
    account: '111111111111',
    region,
    identities: healthy + broken + unknown,
    healthy,
    broken,
    unknown,
    muted: 0,
    complete: region !== 'us-west-2',
  })),
});

const replicas = life(
  [
    hit([allMissing], { region: 'us-east-1' }),
    hit([allMissing], { method: 'deed' }),
    hit([allMissing], { region: 'ap-southeast-2', method: 'deed', status: 'TEMPORARY_FAILURE' }),
  ],
  { key: '111111111111/deed/example.com' },
);
const unreadable = life([], {
  target: { ...alert().target, account: '222222222222', region: 'eu-west-1' } as Alert['target'],
  targetFinding: example('target-unreadable'),
  kinds: ['target-unreadable'],
  severity: 'warning',
});
const regionsOf = (account: string): readonly Alert[] =>
  ['eu-west-1', 'us-east-1', 'us-west-2'].map((region) => ({
    ...unreadable,
    key: `${account}/${region}`,
    id: `${account}/${region}`,
    target: { account, region } as Alert['target'],
    targetFinding: {
      ...example('target-unreadable'),
      facts: {
        reason: 'role-refused',
        detail: `arn:aws:iam::${account}:role/ses-dkim-monitor-read cannot be assumed. Check that the role exists.`,
        since: OPENED,
        identities: 4,
      },
    } as Finding,
  }));
const customers = [...Array(14).keys()].map((i) => life([hit([allMissing], {}, `customer-${i + 1}.example`)], { id: `a${i}` }));

const clock = (hours: number, within: number) => ({ name: 'signing-lost', at: minutes(hours * 60), estimated: true, within }) as const;
const escalated = (at: number, within: number): Telling => ({
  kind: 'alert',
  event: 'escalated',
  reason: within === 0 ? 'deadline-passed' : 'deadline-near',
  alert: life([hit(['record-missing'])], { told: told(minutes(5)) }),
  messageId: '0123456789abcdef0123',
  clock: clock(at, within),
});

/** A DNS host has lost the records of `most` customers, of whom `n` are left; `moved` came to it lately and left them behind. */
function group(
  event: AlertEvent,
  n: number,
  more: Partial<Alert> = {},
  reason: DecisionReason = 'new',
  near?: NearClock,
  moved = 0,
): Telling {
  const servers = ['ns1.host.example', 'ns2.host.example'];
  const left = withFacts(allMissing, { movedFrom: ['a.former.example', 'b.former.example'], nameServers: servers });
  const whole = life(
    [...Array(n).keys()].map((i) => hit([i < moved ? left : allMissing], {}, `customer-${i + 1}.example`)),
    { key: 'cause/servers/0', cause: { by: 'servers', names: servers, kind: 'record-missing' }, most: 2996, ...more },
  );
  return {
    kind: 'summary',
    occasion: 'one-cause',
    event,
    alertId: 'a1b2c3d4e5f60718293a',
    messageId: '0123456789abcdef0123',
    alerts: membersOf(whole),
    targets: [],
    sharedNameServers: servers,
    group: { alert: whole, reason, ...(near ? { clock: near } : {}) },
  };
}
const toldOf = (hitThen: number) => ({ told: { ...told(minutes(5)), hit: hitThen } });

const mails: Readonly<Record<string, readonly [Telling, string]>> = {
  'one-record-missing': [one('opened', life([hit(['record-missing'])])), minutes(3)],
  'replicas-lost-their-records': [one('opened', replicas), minutes(3)],
  'wrong-target': [one('opened', life([hit(['record-wrong-target'])])), minutes(3)],
  'own-key-malformed': [one('opened', life([hit(['key-malformed'], { method: 'byodkim' })])), minutes(3)],
  'signing-off-as-well': [one('changed', life([hit(['record-missing', 'signing-disabled'])], { told: told(minutes(5)) })), minutes(120)],
  'reminder-after-a-day': [one('reminder', life([hit(['record-missing'])], { told: told(minutes(5)) })), minutes(1445)],
  recovered: [
    one('recovered', life([hit(['record-missing'])], { told: told(minutes(5)), closing: { event: 'recovered', at: minutes(95) } })),
    minutes(96),
  ],
  'identity-deleted': [
    one(
      'expired',
      life([hit(['record-missing'])], { told: told(minutes(5)), closing: { event: 'expired', at: minutes(95), why: 'identity-deleted' } }),
    ),
    minutes(96),
  ],
  'a-day-is-left': [escalated(120, 24), minutes(97 * 60)],
  'time-is-up': [escalated(120, 0), minutes(121 * 60)],
  'back-again': [one('reopened', life([hit(['record-missing'])], { reopened: 2 })), minutes(3)],
  'host-lost-them-all': [group('opened', 2996), minutes(3)],
  'host-lost-more': [group('changed', 2996, toldOf(2900), 'facts-changed'), minutes(60)],
  'host-forty-left': [group('changed', 40, toldOf(2996), 'fewer-than-told'), minutes(180)],
  'host-escalated': [group('escalated', 40, toldOf(40), 'deadline-near', clock(120, 24)), minutes(97 * 60)],
  'domains-moved': [group('opened', 6, { most: 6 }, 'new', undefined, 6), minutes(3)],
  'some-domains-moved': [group('changed', 8, { ...toldOf(5), most: 8 }, 'facts-changed', undefined, 3), minutes(60)],
  'host-all-well': [group('recovered', 12, { ...toldOf(40), closing: { event: 'recovered', at: minutes(600) } }), minutes(601)],
  'target-unreadable': [one('opened', unreadable), minutes(3)],
  'target-readable-again': [
    one('recovered', { ...unreadable, told: told(minutes(5)), closing: { event: 'recovered', at: minutes(60) } }),
    minutes(61),
  ],
  'first-look-with-trouble': [
    many(
      'first-sweep',
      'opened',
      [
        life([hit([allMissing])]),
        life([hit(['verification-overdue'], { status: 'PENDING' }, 'example.net')], { severity: 'warning' }),
        life([hit(['signing-disabled'], { signing: false }, 'example.org')], { severity: 'warning' }),
      ],
      [
        ['eu-west-1', 8, 3, 0],
        ['us-east-1', 4, 0, 1],
        ['us-west-2', 1, 0, 0],
        ['sa-east-1', 0, 0, 0],
      ],
    ),
    minutes(3),
  ],
  'first-look-not-to-publish-first': [
    many(
      'first-sweep',
      'opened',
      [
        life([hit(['verification-failed'], { status: 'FAILED' })]),
        life([hit(['key-mismatch'], { method: 'byodkim' }, 'example.net')]),
        life([hit(['key-changed'], { method: 'byodkim' }, 'example.org')], { severity: 'warning' }),
        life([hit(['revoked'], { method: 'byodkim', status: 'FAILED' }, 'example.edu')]),
        life([hit(['key-revoked'], { method: 'byodkim' }, 'example.info')]),
      ],
      [['eu-west-1', 8, 5, 0]],
    ),
    minutes(3),
  ],
  'first-look-not-all-read': [
    {
      ...many(
        'first-sweep',
        'opened',
        [],
        [
          ['eu-west-1', 7, 0, 0],
          ['us-east-1', 4, 0, 0],
          ['us-west-2', 0, 0, 0],
        ],
      ),
      unreadable: ['eu-west-1', 'us-east-1', 'us-west-2'].map((region) => ({
        account: '222222222222',
        region,
        reason: 'role-refused',
        detail: 'arn:aws:iam::222222222222:role/ses-dkim-monitor-read cannot be assumed. Check that the role exists.',
      })),
    } as Telling,
    minutes(3),
  ],
  'first-look-address-on-watched-domain': [
    {
      ...many('first-sweep', 'opened', [], [['eu-west-1', 1, 0, 0]]),
      addressesAtRisk: [{ address: 'dns@mail.example.com', domain: 'example.com' }],
    } as Telling,
    minutes(3),
  ],
  'first-look-all-well': [many('first-sweep', 'opened', [], [['eu-west-1', 1, 0, 0]]), minutes(3)],
  'many-at-once': [
    { ...many('many-at-once', 'opened', customers, []), sharedNameServers: ['ns1.example.net', 'ns2.example.net'] } as Telling,
    minutes(3),
  ],
  'many-targets-unreadable': [
    many('many-at-once', 'opened', ['222222222222', '333333333333', '444444444444', '555555555555'].flatMap(regionsOf), []),
    minutes(3),
  ],
  'account-unreadable': [many('many-at-once', 'opened', regionsOf('222222222222'), []), minutes(3)],
  'account-unreadable-still': [
    many(
      'many-at-once',
      'reminder',
      regionsOf('222222222222').map((a) => ({ ...a, told: { ...told(minutes(5)), kinds: ['target-unreadable'], severity: 'warning' } })),
      [],
    ),
    minutes(1445),
  ],
  'account-readable-again': [
    many(
      'many-at-once',
      'recovered',
      regionsOf('222222222222').map((a) => ({ ...a, closing: { event: 'recovered', at: minutes(60) } })),
      [],
    ),
    minutes(61),
  ],
  'many-healthy-again': [
    many(
      'many-at-once',
      'recovered',
      customers.map((c) => ({ ...c, closing: { event: 'recovered', at: minutes(60) } })),
      [],
    ),
    minutes(61),
  ],
};

describe('mails', () => {
  test.each(Object.entries(mails))('%s', (name, [telling, now]) => {
    const message = renderTelling(telling, now);
    expectSound(message);
    golden(`mail-${name}`, `Subject: ${message.subject}\n\n${message.email}`);
  });

  test('lines stay within 76 columns, but for what is to be copied', () => {
    for (const [telling, now] of Object.values(mails)) {
      const wide = renderTelling(telling, now)
        .email.split('\n')
        .filter((line) => line.length > 76 && line.trim().includes(' ') && !/_domainkey|aws |dig |npx |"kinds"|amazonses/.test(line));
      expect(wide).toEqual([]);
    }
  });

  test.each(Object.keys(CATALOG) as FindingKind[])(
    '%s: what is wrong, where, since when, what happens next, what to do, in that order',
    (kind) => {
      const given = kind === 'target-unreadable' ? unreadable : life([hit([kind])]);
      const { email, chat } = renderTelling(one('opened', given), minutes(3));
      const parts = [
        '\n  Severity ',
        '\n  Since ',
        '\n  Account ',
        '\n  Region ',
        '\nWHAT IT MEANS\n',
        '\nWHAT HAPPENS NEXT\n',
        '\nWHAT TO DO\n',
      ];
      const places = parts.map((part) => [part, email.indexOf(part)] as const);
      for (const [part, at] of places) expect([part, at > 0]).toEqual([part, true]);
      expect(places.map(([, at]) => at)).toEqual(places.map(([, at]) => at).sort((a, b) => a - b));
      for (const section of ['WHAT IT MEANS', 'WHAT HAPPENS NEXT', 'WHAT TO DO']) expect(email.split(`\n${section}\n`)).toHaveLength(2);
      expect(JSON.parse(chat).content.description).toContain('What happens next: ');
    },
  );

  test('every kind of finding has its mail, chat and JSON', () => {
    for (const kind of Object.keys(CATALOG) as FindingKind[]) {
      const given = kind === 'target-unreadable' ? unreadable : life([hit([kind])]);
      const message = renderTelling(one('opened', given), minutes(3));
      expectSound(message);
      expect(message.subject).toMatch(/eu-west-1/);
      expect(message.email).toContain('WHAT TO DO');
    }
  });
});

test.each(['PENDING', 'FAILED', 'NOT_STARTED', 'TEMPORARY_FAILURE'] as const)(
  'a switch that is on is not taken for signing, and that is said once (%s)',
  (status) => {
    for (const kind of ['record-missing', 'nameservers-disagree', 'verification-overdue', 'revoked'] as const) {
      const { email, chat } = renderTelling(one('opened', life([hit([kind], { status, signing: true })])), minutes(3));
      for (const text of [email.replace(/\s+/g, ' '), chat.replaceAll('`', '')]) expect(text.match(/switch/g)).toEqual(['switch']);
      expect(email.replace(/\s+/g, ' ')).toMatch(/signing switch on, but SES (most likely does|does) not sign while/);
    }
  },
);

test('where nobody saw the records right, the mail and the chat say from when the clocks are counted', () => {
  const missing = example('record-missing');
  const counted = { ...missing, deadlines: missing.deadlines.map((one) => ({ ...one, countedFrom: OPENED })) };
  const { email, chat } = renderTelling(one('opened', life([hit([counted])])), minutes(3));
  const words = 'When SES began to count is not known. SES still said SUCCESS at 2026-03-01 14:02 UTC; the times are counted from then.';
  for (const text of [email.replace(/\s+/g, ' '), JSON.parse(chat).content.description.replaceAll('`', '')])
    expect(text.split(words)).toHaveLength(2);
});

test('a summary names what must come before publishing, in the mail and in the chat', () => {
  const [telling, now] = mails['first-look-not-to-publish-first'] ?? [];
  if (telling === undefined || now === undefined) throw new Error('the case is gone');
  const { email, chat } = renderTelling(telling, now);
  // Only where the records are not right, and what must follow stands below them.
  expect(email.split('To publish:')).toHaveLength(2);
  expect(email).toMatch(/To publish:\n( +\S+ 1800 IN CNAME .*\n){3} +Then: Give SES the key again/);
  expect(email.replace(/\s+/g, ' ')).toContain('To do first: Find out which private key SES was given; publish nothing before that.');
  for (const text of [email, chat]) expect(text).toContain('aws ses verify-domain-dkim --region eu-west-1 --domain example.com');
});

test.each<[FindingKind, boolean]>([
  ['record-missing', true],
  ['revoked', true],
  ['verification-failed', false],
  ['key-mismatch', false],
  ['key-changed', false],
  ['key-revoked', false],
])('the chat about %s shows at once what to publish: %s', (kind, shows) => {
  const { chat } = renderTelling(
    one('opened', life([hit([kind], kind.startsWith('key') ? { method: 'byodkim' } : { status: 'FAILED' })])),
    minutes(3),
  );
  const { description, nextSteps } = JSON.parse(chat).content;
  expect(description.includes('To publish:')).toBe(shows);
  // Then the record stands in its step.
  if (kind.startsWith('key')) expect(nextSteps.join(' ')).toContain('`s1._domainkey.example.com. TXT v=DKIM1;');
});

test('the first ten of many have their first command beside them', () => {
  const off = [...Array(12).keys()].map((i) => life([hit(['signing-disabled'], { signing: false }, `customer-${i}.example`)]));
  const { email, chat } = renderTelling(many('many-at-once', 'opened', off, []), minutes(3));
  expect(email.match(/^ +aws sesv2 put-email-identity-dkim-attributes .*customer-\d+\.example/gm)).toHaveLength(10);
  expect(JSON.parse(chat).content.nextSteps).toHaveLength(5);
  expect(JSON.parse(chat).content.nextSteps[0]).toContain('aws sesv2 put-email-identity-dkim-attributes');
});

test('chat about an account that cannot be read', () => {
  const { chat } = renderTelling(many('many-at-once', 'opened', regionsOf('222222222222'), []), minutes(3));
  golden('chat-account-unreadable', `${JSON.stringify(JSON.parse(chat), undefined, 2)}\n`);
});

test('chat', () => {
  const { chat } = renderTelling(one('opened', replicas), minutes(3));
  golden('chat-replicas', `${JSON.stringify(JSON.parse(chat), undefined, 2)}\n`);
});

test('JSON', () => {
  const { json } = renderTelling(one('opened', life([hit(['record-missing'])])), minutes(3));
  golden('json-one-record-missing', `${JSON.stringify(JSON.parse(json), undefined, 2)}\n`);
});

describe('terminal', () => {
  const screen = { width: 100, color: false, now: minutes(3) };

  test('a sweep with trouble', () => {
    golden('terminal-sweep', reportTable(exampleReport(), { ...screen, all: false }));
  });

  test('all identities, on a narrow screen', () => {
    golden('terminal-sweep-narrow-all', reportTable(exampleReport(), { ...screen, width: 60, all: true }));
  });

  test('one domain', () => {
    golden('terminal-domain-healthy', domainPage(reportIdentityOf('example.com', []), screen));
    golden('terminal-domain-broken', domainPage(reportIdentityOf('example.com', [example('record-wrong-target')]), screen));
    golden(
      'terminal-domain-unknown',
      domainPage(
        {
          ...reportIdentityOf('example.com', []),
          diagnosis: 'unknown',
          unknown: {
            reason: 'dns-unanswered',
            detail: 'No name server gave an answer that counts.',
            fix: stepsOfOne(blind('example.com', { outcome: SILENT })),
          },
        },
        screen,
      ),
    );
  });
});

test('the zone of the examples is the one in the texts', () => {
  expect(EXAMPLE_ZONE).toBe('example.com');
  const known = new Set(readdirSync(FOLDER));
  for (const name of Object.keys(mails)) expect(known).toContain(`mail-${name}.txt`);
});
