// Situations of an alert's life as tellings, from which the golden mails and chat texts are made. To add one: a line in SITUATIONS, then npm run golden.
import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import type { AffectedIdentity, Alert, AlertEvent } from '../../lambda/model/alert.ts';
import type { Finding, FindingKind } from '../../lambda/model/finding.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { alert, subject } from './build.ts';

export interface Situation {
  readonly telling: Telling;
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
  telling: { kind: 'alert', event, reason: 'new', alert: given, messageId: '0123456789abcdef0123', ...more } as Telling,
  now,
});

const missing = [hit('example.com', ['record-missing'])];
const customers = (n: number): readonly AffectedIdentity[] =>
  [...Array(n).keys()].map((i) => hit(`customer-${i + 1}.example`, ['record-missing']));
const SERVERS = { sharedNameServers: ['ns1.example.net', 'ns2.example.net'] };
const GROUP = { key: '111111111111/zone/example.net', id: 'b2c3d4e5f60718293a4b' };

/** By the name of their files, in the order of a trouble's life. */
export const SITUATIONS: Readonly<Record<string, Situation>> = {
  'opened-record-missing': one('opened', trouble(missing), after(3)),
  'opened-critical-own-key': one('opened', trouble([hit('example.com', ['key-mismatch'], { method: 'byodkim' })]), after(3)),
  changed: one('changed', trouble([hit('example.com', ['record-missing', 'signing-disabled'])], told(3)), after(2 * HOUR)),
  reminder: one('reminder', trouble(missing, told(3)), after(24 * HOUR + 3)),
  'escalated-24-hours-left': one('escalated', trouble(missing, told(24 * HOUR)), revocation(-24 * HOUR)),
  'deadline-passed': one(
    'escalated',
    trouble([hit('example.com', ['record-missing'], { status: 'TEMPORARY_FAILURE', readAt: revocation(-5) })], told(72 * HOUR)),
    revocation(10),
  ),
  recovered: one('recovered', trouble(missing, { ...told(3), ...ended('recovered', 95) }), after(96)),
  reopened: one('reopened', trouble(missing, told(96)), after(2 * HOUR)),
  'group-of-3000': one('opened', trouble(customers(3000), GROUP), after(3), SERVERS),
  'group-40-left': one('changed', trouble(customers(40), { ...GROUP, ...told(3) }), after(3 * HOUR), SERVERS),
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
