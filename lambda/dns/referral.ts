// Reads what a server above a zone says about it: a referral with glue, an answer, or "no such name" (RFC 1034 §4.3.2).
import { type DnsName, parseDnsName } from '../model/names.ts';
import { isIPv4 } from './addresses.ts';
import { BOUNDS } from './bounds.ts';
import { isOrBelow, soaOwner } from './classify.ts';
import type { Message } from './wire.ts';

/** A zone met on the way down; the root's apex is the empty string. */
export interface MetZone {
  readonly apex: string;
  /** Sorted, bounded. The root's servers have addresses only. */
  readonly servers: readonly DnsName[];
  readonly glue: ReadonlyMap<string, readonly string[]>;
  /** Seconds. */
  readonly ttl: number;
}

export type Said =
  /** `child`: a zone on the way to the name, or the zone of the name itself. */
  | { readonly kind: 'referral'; readonly child: MetZone }
  /** NS records at the name, with authority: it is an apex, and this server serves it too. */
  | { readonly kind: 'apex'; readonly zone: MetZone }
  /** With authority: no NS there. `zone` is the SOA's owner, the empty string for the root; undefined if none was given. */
  | {
      readonly kind: 'none';
      readonly how: 'nxdomain' | 'nodata';
      readonly zone: string | undefined;
      readonly soaPrimary: string | undefined;
    }
  | { readonly kind: 'useless' };

/** What servers of one zone said together. */
export interface Word {
  readonly said: Said;
  /** As many as were needed said the same. */
  readonly sure: boolean;
}

/** What `message`, the reply of a server of the zone `from` to `NS name`, says. */
export function readDelegation(message: Message | undefined, name: DnsName, from: string): Said {
  if (message === undefined || (message.rcode !== 0 && message.rcode !== 3)) return { kind: 'useless' };
  const own = message.answers.filter((r) => r.type === 'NS' && r.name === name);
  if (own.length > 0) return message.aa ? { kind: 'apex', zone: met(message, name, from, 'answers') } : { kind: 'useless' };
  const child = message.authorities.find((r) => r.type === 'NS')?.name;
  const soa = message.authorities.find((r) => r.type === 'SOA');
  if (message.rcode === 0 && message.answers.length === 0 && soa === undefined && child !== undefined) {
    // Only downwards, and only toward the name: anything else would be a loop or a lie.
    const good = parseDnsName(child).ok && child !== from && isOrBelow(child, from) && isOrBelow(name, child);
    return good ? { kind: 'referral', child: met(message, child, from, 'authorities') } : { kind: 'useless' };
  }
  if (!message.aa) return { kind: 'useless' };
  if (soa !== undefined && !isOrBelow(name, soa.name)) return { kind: 'useless' };
  const zone = soa === undefined ? undefined : soa.name === '' ? '' : soaOwner(message, name);
  // A CNAME at the name: it exists, and is no apex.
  const how = message.rcode === 3 && message.answers.length === 0 ? 'nxdomain' : 'nodata';
  return { kind: 'none', how, zone, soaPrimary: soa?.type === 'SOA' ? soa.primary : undefined };
}

/** Makes one word of several: who knows a zone further down is believed before who says "no". Nothing said is useless. */
export function weigh(said: readonly Said[], needed: number): Word {
  const chosen = said.find(({ kind }) => kind !== 'none') ?? said[0];
  if (chosen === undefined) return { said: { kind: 'useless' }, sure: false };
  return { said: chosen, sure: said.length >= needed && said.every((one) => holder(one) === holder(chosen)) };
}

/** The zone that holds the name, as far as it was told. */
function holder(said: Said): string | undefined {
  switch (said.kind) {
    case 'referral':
      return said.child.apex;
    case 'apex':
      return said.zone.apex;
    case 'none':
      return said.zone;
    case 'useless':
      return undefined;
  }
}

/** The zone `apex` as its NS records in a section and the addresses in the additional section describe it. */
function met(message: Message, apex: string, from: string, section: 'answers' | 'authorities'): MetZone {
  const servers = new Set<DnsName>();
  let ttl = Number.POSITIVE_INFINITY;
  for (const record of message[section].slice(0, BOUNDS.nsRecords)) {
    if (record.type !== 'NS' || record.name !== apex) continue;
    const server = parseDnsName(record.value);
    if (!server.ok) continue;
    servers.add(server.value);
    ttl = Math.min(ttl, record.ttl);
  }
  const sorted = [...servers].sort().slice(0, BOUNDS.serversOfZone);
  const glue = new Map<string, string[]>();
  for (const record of message.additionals) {
    // Only for the servers just named, and only for names under the speaker's own zone: what is elsewhere it does not decide.
    if (record.type !== 'A' || !isIPv4(record.value) || !isOrBelow(record.name, from) || !sorted.some((s) => s === record.name)) continue;
    const list = glue.get(record.name) ?? [];
    if (list.length < BOUNDS.addressesOfServer && !list.includes(record.value)) list.push(record.value);
    glue.set(record.name, list);
  }
  return { apex, servers: sorted, glue, ttl: Number.isFinite(ttl) ? ttl : 0 };
}
