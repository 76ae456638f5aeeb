// Builders for messages about what cannot be judged.
import { type AffectedIdentity, type Alert, type AlertEvent, unjudgedKey } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { target } from '../alerts/build.ts';
import { alert, subject } from './build.ts';

export const SINCE = '2026-03-01T12:58:00.000Z';
export const OPENED = '2026-03-01T14:02:00.000Z';
export const NOW = '2026-03-01T14:05:00.000Z';
export const REFUSED: Outcome = { kind: 'lame', how: 'refused' };
export const SILENT: Outcome = { kind: 'silent', how: 'timeout' };

export function lookups(domain: string, outcome: Outcome): readonly Lookup[] {
  return ['ns1', 'ns2'].map((host, i) => ({
    server: { role: 'authoritative', name: dnsName(`${host}.example.net`), address: `192.0.2.${i + 1}` },
    question: { name: dnsName(`abc._domainkey.${domain}`), type: 'TXT' },
    outcome,
    at: NOW,
  }));
}

export interface Blind {
  readonly reason?: string;
  readonly detail?: string;
  readonly outcome?: Outcome;
  readonly region?: string;
}

export const REFUSAL =
  'No name server gave an answer that counts. ns1.example.net (192.0.2.1): REFUSED; ns2.example.net (192.0.2.2): REFUSED.';

export function blind(
  name: string,
  { reason = 'dns-unanswered', detail = REFUSAL, outcome, region = 'eu-west-1' }: Blind = {},
): AffectedIdentity {
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

export function blindAlert(affected: readonly AffectedIdentity[], more: Partial<Alert> = {}): Alert {
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

export const told: NonNullable<Alert['told']> = {
  at: OPENED,
  firstAt: OPENED,
  severity: 'warning',
  kinds: ['identity-unknown'],
  messageId: 'm0',
  by: 'message',
};
export const one = (
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
export const many = (
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
