// What is remembered after a message went out: who was told what, and which alerts are over.
import type { Alert, AlertEvent, AlertMemory, ClosedAlert } from '../model/alert.ts';
import type { DecisionReason } from '../model/decision.ts';
import type { EndedAlert } from '../model/digest.ts';
import { compareSeverity } from '../model/finding.ts';
import type { AlertTelling, Telling } from '../model/telling.ts';
import { clocksOf } from './clocks.ts';
import { endedAlert, withEnded } from './digest.ts';
import { pointsOf } from './facts.ts';
import { closedAlert } from './hold-down.ts';

/** What of a message is remembered. A `Message` is one. */
export interface ToldMessage {
  readonly messageId: string;
}

/**
 * The alert after its message was published at `now` (ISO 8601 UTC): what people know from now on.
 *
 * A message about a change keeps what was told before beside the new facts, so that a trouble swinging between two states is told once in each;
 * an opening or a reminder tells everything afresh.
 */
export function markTold(
  alert: Alert,
  event: AlertEvent,
  message: ToldMessage,
  now: string,
  { by = 'message', reason }: { readonly by?: 'message' | 'summary'; readonly reason?: DecisionReason } = {},
): Alert {
  // How near a deadline is says nothing of the facts; that a group has shrunk tells anew who is left.
  const before = event === 'escalated' || (event === 'changed' && reason !== 'fewer-than-told') ? alert.told : undefined;
  const severity = before && compareSeverity(before.severity, alert.severity) > 0 ? before.severity : alert.severity;
  const points = [...new Set([...pointsOf(alert), ...(before?.points ?? [])])].sort();
  return {
    ...alert,
    told: {
      at: now,
      firstAt: alert.told?.firstAt ?? now,
      severity,
      kinds: [...new Set([...alert.kinds, ...(before?.kinds ?? [])])],
      messageId: message.messageId,
      by,
      points,
      hit: alert.affected.length,
      ...(alert.cause === undefined ? {} : groupTold(alert, points)),
      ...(alert.aside === undefined ? {} : { aside: alert.aside.length }),
      clocks: clocksTold(alert),
      messages: (alert.told?.messages ?? 0) + 1,
    },
  };
}

// A group's life goes on without those who left it, and knows them when they come back.
function groupTold({ told, affected }: Alert, points: readonly string[]): Partial<NonNullable<Alert['told']>> {
  const named = new Set(points);
  const left = [...new Set([...(told?.points ?? []), ...(told?.left ?? [])])].filter((point) => !named.has(point)).sort();
  const returns = (told?.returns ?? 0) + (told?.left?.some((point) => named.has(point)) === true ? 1 : 0);
  return {
    ...(left.length > 0 ? { left } : {}),
    most: Math.max(affected.length, told?.most ?? told?.hit ?? 0),
    ...(returns > 0 ? { returns } : {}),
  };
}

// A deadline that is not there for a while, and comes back as it was, has been told.
function clocksTold(alert: Alert): NonNullable<NonNullable<Alert['told']>['clocks']> {
  const clocks = clocksOf(alert).map(({ name, at }) => ({ name, at }));
  const before = alert.told?.clocks ?? [];
  return [...clocks, ...before.filter((one) => !clocks.some(({ name }) => name === one.name))];
}

/**
 * The memory after one telling was published: its alerts are marked as told, closed ones are forgotten, targets of a first summary are introduced.
 * Write it before the next telling is published: a crash in between then repeats one message at most.
 */
export function applyTold(memory: AlertMemory, telling: Telling, message: ToldMessage, now: string): AlertMemory {
  if (telling.kind === 'digest') return { ...memory, digest: { at: telling.digest.at, sweeps: 0, recovered: [] } };
  const by = telling.kind === 'alert' || telling.group !== undefined ? 'message' : 'summary';
  const reason = telling.kind === 'alert' ? telling.reason : telling.group?.reason;
  const over = telling.event === 'recovered' || telling.event === 'expired';
  const alerts: Record<string, Alert> = { ...memory.alerts };
  const closed = over || telling.event === 'reopened' ? withoutLives(memory, toldBy(telling)) : { ...memory.closed };
  const ended: EndedAlert[] = [];
  for (const told of toldBy(telling)) {
    const remembered = alerts[told.key];
    // Another life of the same key is none of this message's business.
    if (remembered?.id !== told.id) continue;
    if (telling.event === 'recovered' || telling.event === 'expired') ended.push(endedAlert(remembered, telling.event, now));
    if (over) delete alerts[told.key];
    else alerts[told.key] = markTold(remembered, telling.event, message, now, { by, ...(reason === undefined ? {} : { reason }) });
    if (telling.event === 'recovered') closed[told.key] = closedAlert(remembered, now);
  }
  const digest = memory.digest === undefined ? {} : { digest: withEnded(memory.digest, ended) };
  if (telling.kind === 'alert' || telling.occasion !== 'first-sweep') return { ...memory, alerts, closed, ...digest };
  const introduced = { ...memory.introduced };
  for (const { account, region } of telling.targets) introduced[`${account}/${region}`] = { at: now, messageId: message.messageId };
  return { ...memory, alerts, closed, ...digest, introduced };
}

// Only the last end of a life counts: a group that came back has another key than before. And what was deleted and is made again is another story.
function withoutLives({ alerts, closed = {} }: AlertMemory, told: readonly Alert[]): Record<string, ClosedAlert> {
  const lives = new Set(told.flatMap(({ key, id }) => (alerts[key]?.id === id ? [id] : [])));
  return Object.fromEntries(Object.entries(closed).filter(([, { id }]) => !lives.has(id)));
}

function toldBy(telling: AlertTelling): readonly Alert[] {
  if (telling.kind === 'alert') return [telling.alert];
  return telling.group === undefined ? [...telling.alerts, ...(telling.groups ?? [])] : [telling.group.alert];
}
