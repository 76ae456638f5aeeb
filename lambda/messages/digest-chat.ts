// The chat body and the JSON of a digest.

import type { Digest } from '../model/digest.ts';
import type { Message } from '../model/message.ts';
import { type ChatIds, notification } from './chat-notification.ts';
import { code, prose } from './chat-text.ts';
import type { DigestPage } from './digest-mail.ts';
import {
  digestCounts,
  type Entry,
  endedEntry,
  lifeSentence,
  muteSays,
  openEntry,
  pendingSays,
  unseenSays,
  wholeSentence,
} from './digest-words.ts';
import { harmless } from './json.ts';

/** A chat message is glanced at: of each list so many. */
const MOST = 10;

/** The chat body, as JSON text. */
export function digestChat(digest: Digest, ids: ChatIds, { shown, words }: DigestPage): string {
  const { now } = ids;
  const most = Math.min(shown, MOST);
  const part = <T>(title: string, items: readonly T[], entry: (item: T) => Entry, dropped = 0): readonly string[] => {
    const more = items.length - Math.min(items.length, most) + dropped;
    if (items.length + dropped === 0) return [];
    return [
      `${title}:`,
      ...items.slice(0, most).map((item) => {
        const { name, place, says } = entry(item);
        return `- ${code(name, 253)}${place === '' ? '' : ` (${prose(place)})`}: ${prose(says, 500)}`;
      }),
      ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more`] : []),
    ];
  };
  return notification(ids, {
    description: [
      prose(wholeSentence(digest)),
      prose(lifeSentence(digest, now)),
      ...(digest.open.length === 0 ? ['Nothing is open.'] : []),
      ...part('Open, worst first', digest.open, (one) => openEntry(one, words, now)),
      ...part('Over since the last digest', digest.ended, (one) => endedEntry(one, now), digest.endedDropped),
      ...part('Could not be seen', digest.unseen, (one) => ({ name: `${one.account}/${one.region}`, place: '', says: unseenSays(one) })),
      ...part('Pending', digest.pending, (one) => ({
        name: one.identity,
        place: `${one.region}, ${one.account}`,
        says: pendingSays(one, now),
      })),
      ...part('Muted', digest.mutes, (one) => ({ name: one.identity, place: '', says: muteSays(one, now) })),
    ].join('\n'),
    nextSteps: [],
    keywords: ['digest'],
    eventType: 'digest',
    alerts: [],
  });
}

/** The JSON of a digest, schema 1: the fields of every message, and `digest` with counts and lists; `omitted` says how many entries did not fit. */
export function digestJson(
  base: Pick<Message, 'alertId' | 'messageId' | 'event' | 'severity' | 'kinds'>,
  digest: Digest,
  now: string,
  shown: number,
): string {
  const lists = { open: digest.open, ended: digest.ended, unseen: digest.unseen, pending: digest.pending, mutes: digest.mutes };
  const left = Object.values(lists).reduce((n, list) => n + Math.max(0, list.length - shown), digest.endedDropped);
  const { alertId, messageId, event, severity, kinds } = base;
  const body = {
    schema: 1,
    alertId,
    messageId,
    event,
    at: now,
    severity,
    kinds,
    targets: digest.targets.slice(0, shown).map(({ account, region }) => ({ account, region })),
    identities: [],
    findings: [],
    summary: digest.targets.slice(0, shown),
    digest: {
      at: digest.at,
      since: digest.since,
      sweeps: digest.sweeps,
      counts: digestCounts(digest),
      open: digest.open.slice(0, shown).map(({ alert, told, deadline, severity: worst }) => ({
        alertId: alert.id,
        key: alert.key,
        severity: worst,
        kinds: [
          ...new Set([
            ...(alert.targetFinding ? [alert.targetFinding.kind] : []),
            ...alert.affected.flatMap((a) => a.findings.map((f) => f.kind)),
          ]),
        ],
        identities: alert.affected.length,
        ...(alert.most === undefined ? {} : { most: alert.most }),
        openedAt: alert.openedAt,
        told,
        ...(deadline === undefined ? {} : { deadline }),
      })),
      ended: digest.ended.slice(0, shown),
      unseen: digest.unseen.slice(0, shown),
      pending: digest.pending.slice(0, shown),
      mutes: digest.mutes.slice(0, shown),
    },
    ...(left > 0 ? { omitted: left } : {}),
  };
  return JSON.stringify(harmless(body, 0));
}
