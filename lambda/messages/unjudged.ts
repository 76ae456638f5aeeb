// Which alerts are about what cannot be judged, whom each is about, and since when.
import { type AffectedIdentity, type Alert, type AlertEvent, isUnjudgedKey } from '../model/alert.ts';
import type { FindingOf } from '../model/finding.ts';
import { plural } from './layout.ts';

/** True for the alert about a target's unjudged identities. */
export function isUnjudged({ key }: Pick<Alert, 'key'>): boolean {
  return isUnjudgedKey(key);
}

/** `example.com`, `3 domains`, `5 identities`: whom such alerts are about. */
export function unjudgedWho(alerts: readonly Alert[]): string {
  let [n, domains] = [0, 0];
  for (const { affected } of alerts) {
    n += affected.length;
    for (const { subject } of affected) if (subject.type === 'domain') domains += 1;
  }
  const only = n === 1 ? alerts.find(({ affected }) => affected.length === 1)?.affected[0] : undefined;
  return only?.subject.identity ?? (domains === n ? plural(n, 'domain') : plural(n, 'identity', 'identities'));
}

/** Title of such alerts, for each event of their lives. */
export function unjudgedTitle(alerts: readonly Alert[], event: AlertEvent): string {
  const who = `${unjudgedWho(alerts)}${alerts.length > 1 ? ` in ${plural(alerts.length, 'target')}` : ''}`;
  if (event === 'recovered') return `DKIM can be judged again: ${who}`;
  if (event === 'expired') return `No longer watched: ${who}`;
  return `DKIM of ${who} cannot be judged`;
}

/** The finding that an affected identity is in such an alert for. */
export function unjudgedFinding({ findings }: AffectedIdentity): FindingOf<'identity-unknown'> | undefined {
  return findings.find((f) => f.kind === 'identity-unknown');
}

/** Since when the first of them has not been judged, ISO 8601 UTC; when the alert opened if that is not known. */
export function unjudgedSince({ affected, openedAt }: Alert): string {
  return affected.reduce((first, one) => {
    const since = unjudgedFinding(one)?.facts.since ?? first;
    return Date.parse(since) < Date.parse(first) ? since : first;
  }, openedAt);
}
