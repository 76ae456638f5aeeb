// Situations of an alert's life as tellings, from which the golden mails and chat texts are made. To add one: a line in SITUATIONS, then npm run golden.
import { membersOf } from '../../lambda/alerts/gather.ts';
import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import type { AffectedIdentity, Alert, AlertEvent } from '../../lambda/model/alert.ts';
import type { Finding, FindingKind } from '../../lambda/model/finding.ts';
import type { AlertTelling } from '../../lambda/model/telling.ts';
import { shareOf } from '../../lambda/sweep/shares.ts';
import { alert, subject } from './build.ts';

export interface Situation {
  readonly telling: AlertTelling;
  /** When it is told, ISO 8601 UTC. */
  readonly now: string;
}

const OPENED = '2026-03-01T14:02:00.000Z';
const HOUR = 60;
/** So many minutes after the alert opened. */
const after = (minutes: number): string => new Date(Date.parse(OPENED) + minutes * 60_000).toISOString();
const example = (kind: FindingKind): Finding => CATALOG[kind].example as Finding;

/** When SES drops the set-up of the domain in the examples, and some minutes from there. */
const revocation = (minutes: number): string => {
  const at = example('record-missing').deadlines.find(({ name }) => name === 'signing-lost')?.at;
  if (at === undefined) throw new Error('the example has no deadline any more');
  return new Date(Date.parse(at) + minutes * 60_000).toISOString();
};

function hit(name: string, kinds: readonly FindingKind[], more: Parameters<typeof subject>[1] = {}): AffectedIdentity {
  return { subject: subject(name, { region: 'eu-west-1', readAt: '2026-03-01T13:40:00.000Z', ...more }), findings: kinds.map(example) };
}

function trouble(affected: readonly AffectedIdentity[], more: Partial<Alert> = {}): Alert {
  return alert({
    openedAt: OPENED,
    lastSeenAt: OPENED,
    target: { ...alert().target, region: 'eu-west-1' } as Alert['target'],
    affected,
    kinds: [...new Set(affected.flatMap(({ findings }) => findings.map(({ kind }) => kind)))],
    ...more,
  });
}

function told(minutes: number, more: Partial<NonNullable<Alert['told']>> = {}): Pick<Alert, 'told'> {
  const first = { firstAt: after(3), severity: 'critical', kinds: ['record-missing'], messageId: 'm0', by: 'message' } as const;
  return { told: { ...first, at: after(minutes), ...more } };
}

const ended = (event: 'recovered' | 'expired', minutes: number, why?: string): Pick<Alert, 'closing'> => ({
  closing: { event, at: after(minutes), ...(why === undefined ? {} : { why }) },
});

const one = (event: AlertEvent, given: Alert, now: string, more: object = {}): Situation => ({
  telling: { kind: 'alert', event, reason: 'new', alert: given, messageId: '0123456789abcdef0123', ...more } as AlertTelling,
  now,
});

const missing = [hit('example.com', ['record-missing'])];
const customers = (n: number): readonly AffectedIdentity[] =>
  [...Array(n).keys()].map((i) => hit(`customer-${i + 1}.example`, ['record-missing']));

type Group = NonNullable<Extract<AlertTelling, { kind: 'summary' }>['group']>;
const SERVERS = ['ns1.example.net', 'ns2.example.net'];

/** A DNS host has lost the records of 3,000 customers, of whom `n` are left. */
function group(event: AlertEvent, n: number, now: string, alert: Partial<Alert> = {}, more: Partial<Group> = {}): Situation {
  const cause = { by: 'servers', names: SERVERS, kind: 'record-missing' } as const;
  const whole = trouble(customers(n), { key: 'cause/servers/0', id: 'b2c3d4e5f60718293a4b', cause, most: 3000, ...alert });
  return {
    telling: {
      kind: 'summary',
      occasion: 'one-cause',
      event,
      alertId: whole.id,
      messageId: '0123456789abcdef0123',
      alerts: membersOf(whole),
      group: { alert: whole, reason: 'new', ...more },
      targets: [],
      sharedNameServers: SERVERS,
    },
    now,
  };
}

/** What of a group's message goes to a route that three of the customers belong to. */
const part = ({ telling, now }: Situation, identities: readonly string[]): Situation => {
  const route = { exit: 'route-shop', accounts: [], regions: [], identities, tags: {}, exclusive: false };
  const { telling: share } = shareOf(telling, route, () => telling.event !== 'opened');
  if (share === undefined) throw new Error('nothing is for that route');
  return { telling: share, now };
};
const OURS = ['customer-7.example', 'customer-8.example', 'customer-9.example'];

const clock = (within: number) => ({ clock: { name: 'signing-lost', at: revocation(0), estimated: true, within } });

/** By the name of their files, in the order of a trouble's life. */
export const SITUATIONS: Readonly<Record<string, Situation>> = {
  'opened-record-missing': one('opened', trouble(missing), after(3)),
  'opened-critical-own-key': one('opened', trouble([hit('example.com', ['key-mismatch'], { method: 'byodkim' })]), after(3)),
  changed: one('changed', trouble([hit('example.com', ['record-missing', 'signing-disabled'])], told(3)), after(2 * HOUR)),
  reminder: one('reminder', trouble(missing, told(3)), after(24 * HOUR + 3)),
  'escalated-24-hours-left': one('escalated', trouble(missing, told(24 * HOUR)), revocation(-24 * HOUR), clock(24)),
  'deadline-passed': one(
    'escalated',
    trouble([hit('example.com', ['record-missing'], { status: 'TEMPORARY_FAILURE', readAt: revocation(-5) })], told(72 * HOUR)),
    revocation(10),
    clock(0),
  ),
  recovered: one('recovered', trouble(missing, { ...told(3), ...ended('recovered', 95) }), after(96)),
  reopened: one('reopened', trouble(missing, { openedAt: after(2 * HOUR - 3), reopened: 1 }), after(2 * HOUR)),
  'group-of-3000': group('opened', 3000, after(3)),
  'group-of-3000-to-a-route': part(group('opened', 3000, after(3)), OURS),
  'group-40-left': group('changed', 40, after(3 * HOUR), told(3, { hit: 3000 }), { reason: 'fewer-than-told' }),
  'group-none-left-to-a-route': part(group('changed', 40, after(3 * HOUR), told(3, { hit: 3000 }), { reason: 'fewer-than-told' }), [
    'gone.example',
  ]),
  'group-recovered': group('recovered', 12, after(6 * HOUR), { ...told(3), ...ended('recovered', 6 * HOUR - 1) }),
  'target-unreadable': one(
    'opened',
    trouble([], {
      key: '222222222222/eu-west-1',
      target: { ...alert().target, account: '222222222222', region: 'eu-west-1' } as Alert['target'],
      targetFinding: example('target-unreadable'),
      kinds: ['target-unreadable'],
      severity: 'warning',
    }),
    after(3),
  ),
  expired: one('expired', trouble(missing, { ...told(3), ...ended('expired', 95, 'identity-deleted') }), after(96)),
};
