// What people read about identities that cannot be judged: honest words, a step for each cause, and whether the fault may be ours.
import { MAX_BYTES, payloadBytes } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import { type AffectedIdentity, type Alert, type AlertEvent, type Message, unjudgedKey } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { target } from '../alerts/build.ts';
import { alert, expectSound, subject } from './build.ts';
import { golden } from './golden-file.ts';

const SINCE = '2026-03-01T12:58:00.000Z';
const OPENED = '2026-03-01T14:02:00.000Z';
const NOW = '2026-03-01T14:05:00.000Z';
const REFUSED: Outcome = { kind: 'lame', how: 'refused' };
const SILENT: Outcome = { kind: 'silent', how: 'timeout' };

function lookups(domain: string, outcome: Outcome): readonly Lookup[] {
  return ['ns1', 'ns2'].map((host, i) => ({
    server: { role: 'authoritative', name: dnsName(`${host}.example.net`), address: `192.0.2.${i + 1}` },
    question: { name: dnsName(`abc._domainkey.${domain}`), type: 'TXT' },
    outcome,
    at: NOW,
  }));
}

interface Blind {
  readonly reason?: string;
  readonly detail?: string;
  readonly outcome?: Outcome;
  readonly region?: string;
}

const REFUSAL = 'No name server gave an answer that counts. ns1.example.net (192.0.2.1): REFUSED; ns2.example.net (192.0.2.2): REFUSED.';

function blind(name: string, { reason = 'dns-unanswered', detail = REFUSAL, outcome, region = 'eu-west-1' }: Blind = {}): AffectedIdentity {
  const domain = dnsName(name);
  const finding: Finding = {
    kind: 'identity-unknown',
    severity: 'warning',
    facts: { reason, detail, since: SINCE, sweeps: 13 },
    records: [{ type: 'CNAME', name: dnsName(`abc._domainkey.${name}`), token: 'abc', target: dnsName('abc.dkim.amazonses.com') }],
    zone: domain,
    evidence: outcome === undefined ? [] : lookups(name, outcome),
    deadlines: [],
  };
  return { subject: subject(name, { region, readAt: '2026-03-01T13:40:00.000Z' }), findings: [finding] };
}

function blindAlert(affected: readonly AffectedIdentity[], more: Partial<Alert> = {}): Alert {
  const where = target(affected[0]?.subject.region);
  return alert({
    key: unjudgedKey(where),
    target: where,
    openedAt: OPENED,
    lastSeenAt: OPENED,
    severity: 'warning',
    kinds: ['identity-unknown'],
    affected,
    ...more,
  });
}

const told: NonNullable<Alert['told']> = {
  at: OPENED,
  firstAt: OPENED,
  severity: 'warning',
  kinds: ['identity-unknown'],
  messageId: 'm0',
  by: 'message',
};
const one = (
  given: Alert,
  event: AlertEvent = 'opened',
  more: { watched?: number; sharedNameServers?: readonly string[] } = {},
): Telling => ({
  kind: 'alert',
  event,
  reason: 'new',
  alert: given,
  messageId: '0123456789abcdef0123',
  ...more,
});
const many = (
  alerts: readonly Alert[],
  event: AlertEvent = 'opened',
  more: Partial<Extract<Telling, { kind: 'summary' }>> = {},
): Telling => ({
  kind: 'summary',
  occasion: 'many-at-once',
  event,
  alertId: 'many-0123456789abcdef0123',
  messageId: '0123456789abcdef0123',
  alerts,
  targets: [],
  ...more,
});

const single = blindAlert([blind('example.com', { outcome: REFUSED })]);
const three = blindAlert([
  blind('example.com', { outcome: REFUSED }),
  blind('example.net', { outcome: SILENT, detail: 'No name server gave an answer that counts. ns1.example.net (192.0.2.1): time-out.' }),
  blind('example.org', { outcome: REFUSED }),
]);
const crowd = (region: string): Alert =>
  blindAlert(
    [...Array(12).keys()].map((i) =>
      blind(`customer-${i + 1}.example`, {
        reason: 'resolver-failed',
        detail: 'No resolver answered: 1.1.1.1 time-out, 8.8.8.8 time-out.',
        region,
      }),
    ),
    { id: `id-${region}` },
  );
const lost = alert({ openedAt: OPENED, lastSeenAt: OPENED, target: target('eu-west-1') });

const mails: Readonly<Record<string, Telling>> = {
  'cannot-be-judged': one(single),
  'several-cannot-be-judged': one(three, 'opened', { watched: 40, sharedNameServers: ['ns1.example.net', 'ns2.example.net'] }),
  'one-more-cannot-be-judged': one({ ...three, told }, 'changed', { watched: 40 }),
  'targets-cannot-be-judged': many([crowd('eu-west-1'), crowd('us-east-1'), crowd('sa-east-1')], 'opened', { watched: 37 }),
  'can-be-judged-again': one({ ...single, told, closing: { event: 'recovered', at: NOW } }, 'recovered'),
  'targets-can-be-judged-again': many(
    ['eu-west-1', 'us-east-1'].map((region) => ({ ...crowd(region), told, closing: { event: 'recovered', at: NOW } as const })),
    'recovered',
  ),
  'first-look-cannot-be-judged': many([lost, three], 'opened', {
    occasion: 'first-sweep',
    targets: [{ ...target('eu-west-1'), identities: 9, healthy: 5, broken: 1, unknown: 3, muted: 0, complete: true }],
  }),
};

test.each(Object.entries(mails))('the mail: %s', (name, telling) => {
  const message = renderTelling(telling, NOW);
  expectSound(message);
  golden(`mail-${name}`, `Subject: ${message.subject}\n\n${message.email}`);
});

test('the chat body', () => {
  const { chat } = renderTelling(mails['several-cannot-be-judged'] as Telling, NOW);
  golden('chat-several-cannot-be-judged', `${JSON.stringify(JSON.parse(chat), undefined, 2)}\n`);
});

describe('the subject', () => {
  const subjectOf = (telling: Telling): string => renderTelling(telling, NOW).subject;

  test.each([
    ['one domain', one(single), '[WARNING] DKIM of example.com cannot be judged (eu-west-1, 111111111111)'],
    ['several', one(three), '[WARNING] DKIM of 3 domains cannot be judged (eu-west-1, 111111111111)'],
    ['more', one({ ...three, told }, 'changed'), '[WARNING, CHANGED] DKIM of 3 domains cannot be judged (eu-west-1, 111111111111)'],
    ['a reminder', one({ ...three, told }, 'reminder'), '[WARNING, REMINDER] DKIM of 3 domains cannot be judged (eu-west-1, 111111111111)'],
    ['its end', one({ ...three, told }, 'recovered'), '[RECOVERED] DKIM can be judged again: 3 domains (eu-west-1, 111111111111)'],
    ['no longer watched', one({ ...three, told }, 'expired'), '[CLOSED] No longer watched: 3 domains (eu-west-1, 111111111111)'],
    ['two targets', many([crowd('eu-west-1'), crowd('us-east-1')]), '[WARNING] DKIM of 24 domains in 2 targets cannot be judged'],
  ])('%s', (_name, telling, expected) => {
    expect(subjectOf(telling)).toBe(expected);
  });

  test('counts addresses as identities', () => {
    const address: AffectedIdentity = { ...blind('example.com'), subject: subject('a@example.com', { type: 'address' }) };
    expect(subjectOf(one(blindAlert([address, blind('example.com')])))).toContain('DKIM of 2 identities cannot be judged');
  });

  test('is never about anything else, whatever the name', () => {
    const odd: AffectedIdentity = { ...blind('example.com'), subject: subject(`${'x'.repeat(300)}\u202e\n`) };
    expectSound(renderTelling(one(blindAlert([odd])), NOW));
  });
});

describe('what people can do', () => {
  const stepsFor = (...affected: readonly AffectedIdentity[]): string =>
    renderTelling(one(blindAlert(affected)), NOW).email.replace(/\s+/g, ' ');

  test.each([
    ['refusing servers', { outcome: REFUSED }, /refuse to speak for the domain.*Ask the DNS host whether the zone still exists/],
    ['silent servers', { outcome: SILENT }, /do not answer\. Look at the delegation/],
    ['servers given up', { outcome: { kind: 'not-asked', how: 'server-dead' } as const }, /do not answer\. Look at the delegation/],
    ['failing servers', { outcome: { kind: 'broken', how: 'servfail' } as const }, /an error of their own\. Ask the DNS host/],
    ['no evidence', {}, /Look at the delegation of the domain at its registrar, then ask the DNS host/],
    ['resolvers down', { reason: 'resolver-failed' }, /"dns" in monitor\.config\.json and at the network of the monitor/],
    ['IPv6 only', { reason: 'ipv6-only' }, /Ask the DNS host for an IPv4 address/],
    ['private servers', { reason: 'address-refused' }, /allowPrivateNameServers/],
    ['answers that change', { reason: 'unconfirmed' }, /whether all its servers hold the same zone/],
    ['something odd', { reason: 'not-judged' }, /Compare it with the records that SES shows/],
    ['no time', { reason: 'out-of-time' }, /sweep less often/],
    ['SES said too little', { reason: 'no-expectation' }, /Look at the identity in the SES console/],
    ['a reason of another version', { reason: 'brand-new' }, /then ask the DNS host/],
  ])('%s', (_name, given, expected) => {
    expect(stepsFor(blind('example.com', given))).toMatch(expected);
  });

  test('several causes: each with whom it concerns, the most frequent first', () => {
    const steps = stepsFor(blind('c.com', { outcome: SILENT }), blind('a.com', { outcome: REFUSED }), blind('b.com', { outcome: REFUSED }));
    expect(steps).toMatch(/1\. a\.com and b\.com: The name servers answer, but refuse.*2\. c\.com: The name servers do not answer/);
  });

  test('commands hold parsed names only', () => {
    const odd = { ...blind('example.com'), subject: subject('x; rm -rf ~') };
    const [finding] = odd.findings;
    const without = { ...odd, findings: [{ ...(finding as Finding), zone: undefined, records: [] } as unknown as Finding] };
    expect(stepsFor(without)).not.toMatch(/dig/);
    expect(stepsFor(blind('example.com'))).toMatch(/dig NS example\.com dig TXT abc\._domainkey\.example\.com/);
  });
});

describe('whether the fault may be ours', () => {
  const says = (n: number, watched?: number): Message =>
    renderTelling(
      one(blindAlert([...Array(n).keys()].map((i) => blind(`d${i}.com`))), 'opened', watched === undefined ? {} : { watched }),
      NOW,
    );

  test.each([
    [36, 36, 'That is everything that is watched there'],
    [36, 40, 'That is nearly everything that is watched there'],
  ])('%i of %i', (n, watched, expected) => {
    for (const body of [says(n, watched).email.replace(/\s+/g, ' '), says(n, watched).chat]) expect(body).toContain(expected);
  });

  test.each([
    [35, 40],
    [2, 2],
    [36, undefined],
  ])('%p of %p: not said', (n, watched) => {
    expect(says(n, watched).email).not.toContain('FAULT MAY BE OURS');
  });

  test('not where SES said too little', () => {
    const silent = [...Array(5).keys()].map((i) => blind(`d${i}.com`, { reason: 'not-read' }));
    expect(renderTelling(one(blindAlert(silent), 'opened', { watched: 5 }), NOW).email).not.toContain('FAULT MAY BE OURS');
  });
});

test('several are muted by their target, one by its name', () => {
  expect(renderTelling(one(three), NOW).email).toContain('{"identity":"111111111111/eu-west-1","kinds":["identity-unknown"]');
  expect(renderTelling(one(single), NOW).email).toContain('{"identity":"example.com","kinds":["identity-unknown"]');
});

test('fits, whoever they are and however many', () => {
  const nasty = '\u0000\u202e`<!channel> [x](http://evil.example)\n'.repeat(8);
  const hostile = (i: number): AffectedIdentity => ({
    ...blind(`d${i}.com`, { detail: nasty.repeat(20) }),
    subject: subject(`${i}${nasty}`),
  });
  const given = blindAlert([...Array(1000).keys()].map(hostile));
  for (const event of ['opened', 'changed', 'reminder', 'recovered', 'expired'] as const)
    for (const telling of [one({ ...given, told }, event, { watched: 1000 }), many(Array(12).fill(given), event, { watched: 9 })]) {
      const message = renderTelling(telling, NOW);
      expectSound(message);
      expect(payloadBytes(message)).toBeLessThanOrEqual(MAX_BYTES);
    }
});

test('programs get every identity and finding', () => {
  const body = JSON.parse(renderTelling(one(three), NOW).json);
  expect(body).toMatchObject({ severity: 'warning', kinds: ['identity-unknown'] });
  expect(body.identities.map((s: { identity: string }) => s.identity)).toEqual(['example.com', 'example.net', 'example.org']);
});
