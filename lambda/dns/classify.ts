// What one reply says about the name asked: answer, absent, lame or broken (see the table in docs and in this room's tests).
import type { DnsRecord, Outcome } from '../model/lookup.ts';
import { type DnsName, parseDnsName } from '../model/names.ts';
import { BOUNDS } from './bounds.ts';
import type { ReadRecord } from './records.ts';
import type { Message, WireType } from './wire.ts';

export interface Asked {
  readonly name: DnsName;
  readonly type: WireType;
  /** Replies of resolvers need no AA; those of a zone's own servers do. */
  readonly by: 'authoritative' | 'resolver';
  /** The zone that is known to hold the name, if it is known: a negative answer out of a zone above it is somebody else's. */
  readonly zone?: DnsName | undefined;
}

/** Judges a reply that was read; undefined stands for one that could not be (malformed). */
export function classify(message: Message | undefined, asked: Asked): Outcome {
  if (message === undefined) return { kind: 'broken', how: 'malformed' };
  switch (message.rcode) {
    case 0:
    case 3:
      return asked.by === 'resolver' ? fromResolver(message, asked) : fromAuthority(message, asked);
    case 1:
      return { kind: 'broken', how: 'formerr' };
    case 2:
      return { kind: 'broken', how: 'servfail' };
    case 4:
      return { kind: 'broken', how: 'notimp' };
    case 5:
      return { kind: 'lame', how: 'refused' };
    case 9: // NOTAUTH, RFC 2136 §2.2
      return { kind: 'lame', how: 'not-authoritative' };
    default:
      return { kind: 'broken', how: 'other-rcode' };
  }
}

function fromResolver(message: Message, asked: Asked): Outcome {
  const records = chainFrom(asked.name, asked.type, message);
  const checked = message.ad ? ({ ad: true } as const) : {};
  if (records.length > 0) return { kind: 'answer', aa: message.aa, ...checked, records };
  if (message.answers.length > 0) return { kind: 'broken', how: 'malformed' };
  // A server that does not recurse says NOERROR and sends a referral, or nothing: that is no answer.
  if (message.rcode === 0 && !message.ra && !message.aa)
    return { kind: 'lame', how: message.authorities.some((r) => r.type === 'NS') ? 'referral' : 'not-authoritative' };
  return { ...absent(message, soaOwner(message, asked.name)), ...checked };
}

function fromAuthority(message: Message, asked: Asked): Outcome {
  const records = chainFrom(asked.name, asked.type, message);
  if (records.length > 0) {
    return message.aa ? { kind: 'answer', aa: true, records } : { kind: 'lame', how: 'not-authoritative' };
  }
  if (message.answers.length > 0) return { kind: 'broken', how: 'malformed' };
  const hasSoa = message.authorities.some((r) => r.type === 'SOA');
  if (!hasSoa && message.authorities.some((r) => r.type === 'NS')) return { kind: 'lame', how: 'referral' };
  if (!message.aa) return { kind: 'lame', how: 'not-authoritative' };
  // Some servers leave the SOA out of a negative answer (RFC 2308 §2.1, types 3): AA alone has to do.
  if (!hasSoa) return absent(message, undefined);
  const soa = soaOwner(message, asked.name);
  if (soa === undefined || (asked.zone !== undefined && !isOrBelow(soa, asked.zone))) return { kind: 'lame', how: 'foreign-soa' };
  return absent(message, soa);
}

function absent(message: Message, soa: DnsName | undefined): Extract<Outcome, { kind: 'absent' }> {
  const how = message.rcode === 3 ? 'nxdomain' : 'nodata';
  return soa === undefined ? { kind: 'absent', how, aa: message.aa } : { kind: 'absent', how, aa: message.aa, soa };
}

/** Owner of the SOA in the authority section, if it is the name or an ancestor of it. The root's is not told: no name of ours is held there. */
export function soaOwner(message: Message, name: DnsName): DnsName | undefined {
  const owner = message.authorities.find((r) => r.type === 'SOA')?.name;
  if (owner === undefined || !isOrBelow(name, owner)) return undefined;
  const parsed = parseDnsName(owner);
  return parsed.ok ? parsed.value : undefined;
}

/** `child` is `ancestor` or below it; the empty string is the root. Works on names as read, which may hold anything. */
export function isOrBelow(child: string, ancestor: string): boolean {
  return ancestor === '' || child === ancestor || child.endsWith(`.${ancestor}`);
}

/** The answer section's records that belong to the question: those of the asked type at the name, and the CNAMEs on the way. Others are dropped. */
function chainFrom(name: string, type: WireType, message: Message): DnsRecord[] {
  const kept: DnsRecord[] = [];
  const { answers } = message;
  const [only] = answers;
  // Nearly every answer holds one record or none, and these lists are kept by the ten thousand: no longer than they need be.
  if (only === undefined || answers.length === 1)
    return only !== undefined && only.name === name && belongs(only, type) ? [shortened(only, BOUNDS.keptText)] : [];
  // Every name of the chain, in the order of the hops; those from `first` on were reached by the last one.
  const names = [name];
  let first = 0;
  let room: number = BOUNDS.keptText;
  for (let hop = 0; hop < BOUNDS.chain && first < names.length; hop += 1) {
    const end = names.length;
    for (const record of answers) {
      if (kept.length >= BOUNDS.keptRecords) return kept;
      if (!belongs(record, type)) continue;
      const at = names.indexOf(record.name);
      if (at < first || at >= end) continue;
      const short = shortened(record, room);
      room -= textOf(short);
      kept.push(short);
      if (record.type === 'CNAME' && type !== 'CNAME' && !names.includes(record.value)) names.push(record.value);
    }
    first = end;
  }
  return kept;
}

function belongs(record: ReadRecord, type: WireType): record is DnsRecord {
  return record.type !== 'AAAA' && (record.type === type || record.type === 'CNAME');
}

const textOf = (record: DnsRecord): number => (record.type === 'TXT' ? record.strings.reduce((sum, text) => sum + text.length, 0) : 0);

/** A TXT without the strings that have no room: no key is that long, and answers are kept until the end of a sweep. */
function shortened(record: DnsRecord, room: number): DnsRecord {
  if (record.type !== 'TXT' || textOf(record) <= room) return record;
  const strings: string[] = [];
  let left = room;
  for (const text of record.strings) {
    left -= text.length;
    if (left < 0) break;
    strings.push(text);
  }
  return { ...record, strings };
}
