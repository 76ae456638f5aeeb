// What an authoritative server answers from its zones (RFC 1034 §4.3.2, RFC 2308 for absence).

import type { Answer, WireRecord } from './message.ts';
import { canonical, isWithin, parentOf, type RecordSet, typeName } from './records.ts';
import type { Zone } from './zone.ts';

/** Finds the zone a server would answer from: the deepest one that holds the name. */
export type ZoneFinder = (apex: string) => Zone | undefined;

// Chains longer than this are not followed further: what real servers do too, so that a loop ends.
const CHAIN_LIMIT = 16;
const DS = 43;

export const EMPTY: Answer = { rcode: 'NOERROR', aa: false, answers: [], authority: [], additional: [] };

/** The deepest zone of a server that holds `name` (canonical). */
export function zoneFor(name: string, zones: ZoneFinder): Zone | undefined {
  for (let at: string | undefined = name; at !== undefined; at = parentOf(at)) {
    const zone = zones(at);
    if (zone !== undefined) return zone;
  }
  return undefined;
}

/** Answers one question of class IN. The name is as asked; owners of answers are written as asked. */
export function answerFrom(zones: ZoneFinder, name: string, type: number): Answer {
  let owner = name;
  // DS belongs to the parent's side of a cut (RFC 4035 §3.1.4.1).
  const parent = type === DS ? parentOf(canonical(name)) : undefined;
  const zone = (parent === undefined ? undefined : zoneFor(parent, zones)) ?? zoneFor(canonical(name), zones);
  if (zone === undefined) return { ...EMPTY, rcode: 'REFUSED' };
  const wanted = typeName(type);
  const answers: WireRecord[] = [];
  const visited = new Set<string>();
  for (;;) {
    const key = canonical(owner);
    const place = zone.find(key);
    if (place.kind === 'cut' && !(type === DS && place.cut === key)) return referral(zone, place.cut, place.ns, answers);
    if (place.kind === 'nothing') return { ...EMPTY, rcode: 'NXDOMAIN', aa: true, answers, authority: [soaOf(zone, true)] };
    const sets = place.kind === 'cut' ? [] : key === zone.apex ? [...place.sets, soaSet(zone)] : place.sets;
    const cname = sets.find((set) => set.type === 'CNAME');
    if (cname !== undefined && wanted !== 'CNAME' && wanted !== 'ANY') {
      answers.push(...recordsOf(owner, cname));
      const next = targetOf(cname);
      visited.add(key);
      // Only names in the same zone are followed: what is elsewhere the resolver asks there.
      if (!isWithin(canonical(next), zone.apex) || visited.has(canonical(next)) || visited.size >= CHAIN_LIMIT)
        return { ...EMPTY, aa: true, answers };
      owner = next;
      continue;
    }
    const hits = wanted === 'ANY' ? sets : sets.filter((set) => set.type === wanted);
    if (hits.length === 0) return { ...EMPTY, aa: true, answers, authority: [soaOf(zone, true)] };
    for (const hit of hits) answers.push(...recordsOf(owner, hit));
    return { ...EMPTY, aa: true, answers, additional: addressesFor(zone, hits) };
  }
}

function referral(zone: Zone, cut: string, ns: RecordSet, answers: readonly WireRecord[]): Answer {
  return { ...EMPTY, aa: answers.length > 0, answers, authority: recordsOf(cut, ns), additional: addressesFor(zone, [ns]) };
}

function recordsOf(owner: string, set: RecordSet): WireRecord[] {
  return set.data.map((data) => ({ name: owner, ttl: set.ttl, data }));
}

function targetOf(cname: RecordSet): string {
  const first = cname.data[0];
  return first?.type === 'CNAME' ? first.target : '';
}

function soaSet(zone: Zone): RecordSet {
  return { type: 'SOA', ttl: zone.ttl, data: [{ type: 'SOA', soa: zone.soa }] };
}

function soaOf(zone: Zone, negative: boolean): WireRecord {
  return { name: zone.apex, ttl: negative ? Math.min(zone.ttl, zone.soa.minimum) : zone.ttl, data: { type: 'SOA', soa: zone.soa } };
}

/** Addresses the zone knows for the targets of NS and MX records, glue included. */
function addressesFor(zone: Zone, sets: readonly RecordSet[]): WireRecord[] {
  const found: WireRecord[] = [];
  for (const set of sets)
    for (const data of set.data) {
      if (data.type !== 'NS' && data.type !== 'MX') continue;
      const name = canonical(data.target);
      for (const type of ['A', 'AAAA'] as const) {
        const addresses = isWithin(name, zone.apex) ? zone.get(name, type) : undefined;
        if (addresses !== undefined) found.push(...recordsOf(name, addresses));
      }
    }
  return found;
}
