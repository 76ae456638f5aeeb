// A small recursive resolver: walks from the root through the same servers, without sockets and without a cache.
import { EMPTY } from './authority.ts';
import { isPublicIPv6, isReachable, ROOT_ADDRESSES } from './internet.ts';
import type { Answer, Rcode, WireRecord } from './message.ts';
import { canonical, isWithin, typeName } from './records.ts';

/** Asks one server; undefined if no usable answer comes. */
export type Ask = (address: string, name: string, type: number) => Answer | undefined;

// Bounds for worlds that lead in circles. Real resolvers have the same kind of limits.
const LIMITS = { chain: 16, referrals: 30, nesting: 6, questions: 400 };

interface Walk {
  readonly ask: Ask;
  questions: number;
}

/** Resolves one question. NXDOMAIN and NODATA carry the SOA; SERVFAIL if nobody answered usefully. */
export function resolve(ask: Ask, name: string, type: number): Answer {
  const answer = chase({ ask, questions: 0 }, name, type, 0);
  return answer === undefined ? { ...EMPTY, rcode: 'SERVFAIL', ra: true } : { ...answer, aa: false, ra: true, additional: [] };
}

function chase(walk: Walk, name: string, type: number, nesting: number): Answer | undefined {
  const answers: WireRecord[] = [];
  const visited = new Set<string>();
  let owner = name;
  while (visited.size < LIMITS.chain) {
    visited.add(canonical(owner));
    const step = iterate(walk, owner, type, nesting);
    if (step === undefined) return undefined;
    const chain = endOfChain(step.answers, owner, type);
    answers.push(...step.answers);
    const unfinished = chain.followed && !chain.reached && !(step.rcode === 'NXDOMAIN' || hasSoa(step));
    if (!unfinished) return { ...EMPTY, rcode: step.rcode, answers, authority: step.authority.filter((r) => r.data.type === 'SOA') };
    if (visited.has(canonical(chain.end))) return undefined;
    owner = chain.end;
  }
  return undefined;
}

function endOfChain(answers: readonly WireRecord[], start: string, type: number) {
  let end = start;
  let followed = false;
  if (typeName(type) !== 'CNAME')
    for (const record of answers)
      if (record.data.type === 'CNAME' && canonical(record.name) === canonical(end)) {
        end = record.data.target;
        followed = true;
      }
  const reached = answers.some((r) => r.data.type === typeName(type) && canonical(r.name) === canonical(end));
  return { end, followed, reached };
}

const hasSoa = (answer: Answer): boolean => answer.authority.some((r) => r.data.type === 'SOA');

function iterate(walk: Walk, name: string, type: number, nesting: number): Answer | undefined {
  let servers: readonly string[] = ROOT_ADDRESSES;
  let zone = '';
  for (let step = 0; step < LIMITS.referrals; step++) {
    const answer = askAny(walk, servers, zone, name, type);
    if (answer === undefined || answer.aa) return answer;
    const cut = referralIn(answer, zone, name) ?? '';
    servers = addressesOf(walk, answer, nesting);
    zone = cut;
  }
  return undefined;
}

/** The first answer of any of the servers that is authoritative or refers downwards. */
function askAny(walk: Walk, servers: readonly string[], zone: string, name: string, type: number): Answer | undefined {
  const usable: readonly Rcode[] = ['NOERROR', 'NXDOMAIN'];
  for (const address of servers) {
    if (walk.questions++ > LIMITS.questions) return undefined;
    const answer = walk.ask(address, name, type);
    if (answer !== undefined && usable.includes(answer.rcode) && (answer.aa || referralIn(answer, zone, name) !== undefined)) return answer;
  }
  return undefined;
}

function referralIn(answer: Answer, zone: string, name: string): string | undefined {
  const ns = answer.authority.find((r) => r.data.type === 'NS');
  const cut = ns === undefined ? undefined : canonical(ns.name);
  return cut !== undefined && cut !== zone && isWithin(cut, zone) && isWithin(canonical(name), cut) ? cut : undefined;
}

function addressesOf(walk: Walk, referral: Answer, nesting: number): readonly string[] {
  const found: string[] = [];
  for (const record of referral.authority) {
    if (record.data.type !== 'NS') continue;
    const name = canonical(record.data.target);
    const glue = referral.additional.filter((r) => canonical(r.name) === name);
    // Its address could only be asked for in the very zone that it is needed for.
    if (glue.length === 0 && isWithin(name, canonical(record.name))) continue;
    const records =
      glue.length > 0 || nesting >= LIMITS.nesting ? glue : [1, 28].flatMap((t) => chase(walk, name, t, nesting + 1)?.answers ?? []);
    for (const { data } of records) if (data.type === 'A' || data.type === 'AAAA') found.push(data.address);
  }
  // Like any resolver of the public internet, this one reaches IPv6 but no private address.
  return found.filter((address) => isReachable(address) || isPublicIPv6(address));
}
