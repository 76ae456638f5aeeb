// Open alerts that this sweep cannot see: their deadlines run all the same, and need no DNS to be told.
import { type AffectedIdentity, type Alert, type Belief, isUnjudgedKey, type Subject, type Unseen } from '../model/alert.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { OpenBeside } from '../model/telling.ts';
import { clocksOf } from './clocks.ts';
import { alertingFindings, kindsOf, severityOf, subjectKey } from './facts.ts';
import { isFindingMuted, isTellable } from './policy.ts';

/** Less is a passing fault: the next sweep will see it, and say the same from what it sees. */
const LASTING_MS = 3_600_000;

/**
 * The alert as remembered: of whom this sweep cannot see, with what SES said of them now if that was read. `due` is the part of it whose deadlines may be
 * told: without what is muted, whom SES calls well by now (SUCCESS, read since), or whose records were right when they were last seen.
 * Undefined if nothing may be told. `now` is ISO 8601 UTC.
 */
export function unseenPart(
  alert: Alert | undefined,
  { unseen = [] }: Extract<Belief, { kind: 'unknown' }>,
  policy: AlertPolicy,
  now: string,
): { readonly due: Alert; readonly next: Alert } | undefined {
  if (alert?.told === undefined || alert.closing !== undefined || alert.wellSince !== undefined) return undefined;
  if (Date.parse(now) - Date.parse(alert.lastSeenAt) < LASTING_MS) return undefined;
  const byWho = new Map(unseen.map((one) => [one.who, one]));
  const due = alert.affected.flatMap((one) => {
    const { subject, findings } = one;
    const unread = byWho.get(subjectKey(subject));
    if (unread === undefined || isPast(unread, one, alert)) return [];
    return [{ ...one, findings: findings.filter(({ kind }) => !isFindingMuted(subject, kind, policy, now)) }];
  });
  const trouble = { affected: due };
  if (!isTellable(severityOf(trouble), policy)) return undefined;
  const affected = alert.affected.map((one): AffectedIdentity => {
    const read = byWho.get(subjectKey(one.subject))?.read;
    return read !== undefined && isNewer(read, one.subject) ? { ...one, subject: read } : one;
  });
  const what = unseen.some((one) => one.what === 'ses') ? 'ses' : 'dns';
  return { due: { ...alert, ...trouble }, next: { ...alert, affected, unseen: what } };
}

/**
 * One of several that this sweep cannot call well or broken, as it was last seen. `belief` is what is believed of it alone; of what an early check
 * did not look at nothing new is known.
 */
export function asRemembered(one: AffectedIdentity, belief: Belief, alert: Alert): AffectedIdentity {
  const { past: before, ...rest } = one;
  const remembered = { ...rest, seenAt: one.seenAt ?? alert.lastSeenAt };
  if (belief.kind === 'unknown' && belief.unseen === undefined && belief.detail === 'not-yet')
    return before === undefined ? remembered : { ...remembered, past: before };
  // Whoever was seen enough to be neither broken nor well by all servers is not what the alert says either.
  const unread = belief.kind === 'unknown' ? belief.unseen?.find(({ who }) => who === subjectKey(one.subject)) : undefined;
  return unread === undefined || isPast(unread, one, alert) ? { ...remembered, past: true } : remembered;
}

const isPast = (unseen: Unseen, one: AffectedIdentity, alert: Alert): boolean =>
  isWell(unseen, one.subject) || wasRight(unseen, one.seenAt ?? alert.lastSeenAt);

const isNewer = (read: Subject, remembered: Subject): boolean => Date.parse(read.readAt) > Date.parse(remembered.readAt);

const isWell = ({ read }: Unseen, remembered: Subject): boolean =>
  read !== undefined && read.status === 'SUCCESS' && isNewer(read, remembered);

/** Records that became right after the alert was last seen, and have not been seen since, are not what the alert says they are. */
const wasRight = ({ rightSince }: Unseen, lastSeenAt: string): boolean =>
  rightSince !== undefined && Date.parse(rightSince) > Date.parse(lastSeenAt);

/** What is open of these identities, as it was last seen: one entry for each identity and alert, in the order of the identities. */
export function openBeside(unjudged: readonly Alert[], open: readonly Alert[], now: string): readonly OpenBeside[] {
  const subjects = new Map(unjudged.flatMap(({ affected }) => affected.map(({ subject }) => [subjectKey(subject), subject] as const)));
  const beside = new Map<string, OpenBeside[]>();
  for (const alert of open) {
    if (isUnjudgedKey(alert.key) || alert.told === undefined || alert.closing !== undefined || alert.wellSince !== undefined) continue;
    for (const one of alert.affected) {
      const { subject } = one;
      const who = subjectKey(subject);
      const present = subjects.get(who);
      const trouble = { affected: [one] };
      const [kind] = kindsOf(trouble);
      const finding = alertingFindings(trouble).find((one) => one.kind === kind);
      if (present === undefined || finding === undefined) continue;
      const clocks = clocksOf(trouble);
      const deadline = clocks.find(({ at }) => Date.parse(at) > Date.parse(now)) ?? clocks.at(-1);
      const entry = {
        subject: present.status !== 'UNKNOWN' && isNewer(present, subject) ? present : subject,
        finding,
        seenAt: one.seenAt ?? alert.lastSeenAt,
        ...(deadline === undefined ? {} : { deadline }),
      };
      beside.set(who, [...(beside.get(who) ?? []), entry]);
    }
  }
  return [...subjects.keys()].flatMap((who) => beside.get(who) ?? []);
}
