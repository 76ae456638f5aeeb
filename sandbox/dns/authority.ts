// What an authoritative server answers from its zones (RFC 1034 §4.3.2, RFC 2308 for absence).
import type { Answer, WireRecord } from './message.ts';
import { canonical, isWithin, parentOf, type RecordSet, typeName } from './records.ts';
import type { Zone } from './zone.ts';

/** Finds the zone a server would answer from: the deepest one that holds the name. */
export type ZoneFinder = (apex: string) => Zone | undefined;

/** What a server that flattens asks the rest of the internet. */
export type LookUp = (name: string, type: number) => Answer;

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
export function answerFrom(zones: ZoneFinder, name: string, type: number, lookUp: LookUp): Answer {
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
    const hits = sets.filter((set) => (wanted === 'ANY' || set.type === wanted) && !(zone.quirks.flattens && set.type === 'CNAME'));
    const cname = decidingCname(zone, sets, hits, wanted);
    if (cname !== undefined) {
      if (zone.quirks.ignoresCnameFor?.includes(wanted)) return nodata(zone, answers);
      if (zone.quirks.flattens) return flattened(zone, [...answers, ...from(owner, hits)], { owner, cname, type, lookUp });
      if (zone.quirks.besideCname !== 'cname') answers.push(...from(owner, hits));
      answers.push(...recordsOf(owner, cname));
      const next = targetOf(cname);
      visited.add(key);
      // Only names in the same zone are followed: what is elsewhere the resolver asks there.
      if (!isWithin(canonical(next), zone.apex) || visited.has(canonical(next)) || visited.size >= CHAIN_LIMIT)
        return { ...EMPTY, aa: true, answers };
      owner = next;
      continue;
    }
    if (hits.length === 0) return nodata(zone, answers);
    return { ...EMPTY, aa: true, answers: [...answers, ...from(owner, hits)], additional: addressesFor(zone, hits) };
  }
}

/** The CNAME that a question is led away by, if any. */
function decidingCname(zone: Zone, sets: readonly RecordSet[], hits: readonly RecordSet[], wanted: string): RecordSet | undefined {
  if (wanted === 'CNAME' || wanted === 'ANY' || (hits.length > 0 && zone.quirks.besideCname === 'other-data')) return undefined;
  return sets.find((set) => set.type === 'CNAME');
}

const nodata = (zone: Zone, answers: readonly WireRecord[]): Answer => ({
  ...EMPTY,
  aa: true,
  answers,
  authority: [soaOf(zone, true)],
});

interface Flattening {
  readonly owner: string;
  readonly cname: RecordSet;
  readonly type: number;
  readonly lookUp: LookUp;
}

/** What is at the end of the CNAME, as if it stood at the name itself; SERVFAIL if that cannot be found out. */
function flattened(zone: Zone, before: readonly WireRecord[], { owner, cname, type, lookUp }: Flattening): Answer {
  const found = lookUp(targetOf(cname), type);
  if (found.rcode === 'SERVFAIL') return { ...EMPTY, rcode: 'SERVFAIL' };
  const own = found.answers.filter(({ data }) => data.type === typeName(type)).map((record) => ({ ...record, name: owner }));
  const answers = [...before, ...own];
  return answers.length === 0 ? nodata(zone, answers) : { ...EMPTY, aa: true, answers };
}

function referral(zone: Zone, cut: string, ns: RecordSet, answers: readonly WireRecord[]): Answer {
  return { ...EMPTY, aa: answers.length > 0, answers, authority: recordsOf(cut, ns), additional: addressesFor(zone, [ns]) };
}

const from = (owner: string, sets: readonly RecordSet[]): WireRecord[] => sets.flatMap((set) => recordsOf(owner, set));

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
