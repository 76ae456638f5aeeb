// Finds somebody for a fault to happen to: untouched, or touched elsewhere where two faults may meet, or made for it.
import type { Estate, Member, Signer, Slot, Zone } from './estate.ts';
import { addEasy, addMailFrom, addOwnKey, addReplicated, addTwoSetups } from './healthy-estate.ts';
import { newServers } from './healthy-zone.ts';
import type { Random } from './random.ts';

/** Places that may both be taken on one identity: what is told then follows from the principles. */
const MEETING: Readonly<Record<Slot, readonly Slot[]>> = {
  records: ['ses', 'mail', 'gone', 'target'],
  ses: ['records', 'mail', 'gone', 'zone'],
  mail: ['records', 'ses', 'gone', 'target'],
  gone: ['records', 'ses', 'mail', 'zone'],
  zone: ['ses', 'gone'],
  target: ['records', 'mail'],
  alone: [],
};

/** How often an identity that something has happened to is preferred. */
const AGAIN = 0.5;

/** True if nothing has happened to it that a fault in this place would make hard to foresee. */
export function mayTake(signer: Signer, slot: Slot): boolean {
  return [...signer.taken].every((taken) => MEETING[slot].includes(taken));
}

export function take(signer: Signer, slot: Slot): void {
  signer.taken.add(slot);
}

/** A set of DKIM records of this kind, with `slot` taken. `fits` narrows the choice. */
export function signerFor(
  kind: Signer['kind'] | 'any',
  slot: Slot,
  estate: Estate,
  random: Random,
  fits: (signer: Signer) => boolean = () => true,
): Signer {
  const candidates = estate.signers.filter((one) => (kind === 'any' || one.kind === kind) && mayTake(one, slot) && fits(one));
  const touched = candidates.filter(({ taken }) => taken.size > 0);
  const untouched = candidates.filter(({ taken }) => taken.size === 0);
  const from = touched.length > 0 && random.chance(AGAIN) ? touched : random.chance(0.6) ? untouched : [];
  const own = kind === 'any' ? random.chance(0.25) : kind === 'own-key';
  const found = from.length > 0 ? random.pick(from) : made(estate, random, own ? addOwnKey : addEasy, fits);
  take(found, slot);
  return found;
}

const TRIES = 60;

function made(estate: Estate, random: Random, add: (estate: Estate, random: Random) => Signer, fits: (signer: Signer) => boolean): Signer {
  const lists = [estate.zones, estate.signers, estate.members];
  const before = lists.map(({ length }) => length);
  for (let i = 0; i < TRIES; i += 1) {
    const signer = add(estate, random);
    if (fits(signer)) return signer;
    // Who does not fit goes again, or estates would grow without end; what it published in zones of others harms nobody.
    lists.forEach((list, n) => {
      list.length = before[n] ?? 0;
    });
  }
  throw new Error('after many tries no estate has what this fault needs');
}

/** A set whose zone may be damaged as a whole: every set in that zone is hit, and taken. No zone of the estate lies below it. */
export function zoneFor(
  slot: Slot,
  estate: Estate,
  random: Random,
  fits: (zone: Zone) => boolean = () => true,
  kind: Signer['kind'] | 'any' = 'any',
): Zone {
  const all = (zone: Zone): readonly Signer[] => estate.signers.filter((one) => one.zone === zone);
  const good = (zone: Zone): boolean =>
    !zone.serversTaken &&
    !estate.zones.some(({ apex }) => apex.endsWith(`.${zone.apex}`)) &&
    fits(zone) &&
    all(zone).every((one) => mayTake(one, slot)) &&
    !all(zone).some(({ taken }) => taken.has('zone'));
  const { zone } = signerFor(kind, slot, estate, random, (one) => good(one.zone));
  for (const one of all(zone)) take(one, slot);
  zone.serversTaken = true;
  return zone;
}

/** Gives the zone so many name servers of its own. */
export function withOwnServers(zone: Zone, estate: Estate, count: number): readonly string[] {
  zone.servers = newServers(estate, count);
  return zone.servers;
}

/** A replica whose set is untouched. */
export function replicaFor(slot: Slot, estate: Estate, random: Random): Member {
  const fits = (one: Signer): boolean => one.members.some(({ part }) => part === 'replica');
  const known = estate.signers.filter((one) => fits(one) && mayTake(one, slot));
  const signer = known.length > 0 && random.chance(0.6) ? random.pick(known) : addReplicated(estate, random);
  take(signer, slot);
  return random.pick(signer.members.filter(({ part }) => part === 'replica'));
}

/** A domain that is set up twice, nothing wrong with either set-up; both are taken, and the second comes back. */
export function secondSetupFor(slot: Slot, estate: Estate, random: Random): Member {
  const signer = addTwoSetups(estate, random);
  for (const one of estate.signers) if (one.domain === signer.domain) take(one, slot);
  const [member] = signer.members;
  if (member === undefined) throw new Error('a set-up has a member');
  return member;
}

/** A member of a set with a custom MAIL FROM domain of its own. */
export function mailMemberFor(estate: Estate, random: Random): Member {
  const signer = signerFor('any', 'mail', estate, random, (one) => one.members.length === 1);
  const [member] = signer.members;
  if (member === undefined) throw new Error('a set has a member');
  if (member.state.mailFrom === undefined) addMailFrom(estate, member, random, 1);
  return member;
}
