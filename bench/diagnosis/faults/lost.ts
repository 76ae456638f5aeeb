// Records that are not at their name: missing, behind a wildcard, or put elsewhere by a slip of the hand.
import type { RecordsAt } from '../../../sandbox/dns/dns-world.ts';
import { absenceAt } from '../content.ts';
import { type Member, recordsOf, relative, type Signer, type Zone, zoneOf } from '../estate.ts';
import { type Ending, type FaultKind, type FaultParts, faultKind, hitsAll, type Step, type Told } from '../fault.ts';
import { newServers } from '../healthy-zone.ts';
import { statusOf } from '../principles.ts';
import type { Random } from '../random.ts';
import { mayTake, signerFor, take, zoneFor } from '../subjects.ts';

export type Place = ReturnType<typeof recordsOf>[number];

/** One of the records, or all of them, or something between. */
export function some(signer: Signer, random: Random, how: 'one' | 'some' | 'all'): readonly Place[] {
  const places = recordsOf(signer);
  if (how === 'all' || places.length === 1) return places;
  const count = how === 'one' ? 1 : 1 + random.int(places.length);
  const chosen = random.shuffled(places).slice(0, count);
  return places.filter((place) => chosen.includes(place));
}

export const removal = (signer: Signer, places: readonly Place[]): readonly Step[] =>
  places.map(({ at }) => ({ kind: 'records', zone: signer.zone, at, records: { CNAME: [], TXT: [] } }));

/** What is told of records that are simply not there any more. */
export function absent(
  signer: Signer,
  places: readonly Place[],
  member: Member,
  { estate }: Ending,
  more: Told['facts'] = {},
): readonly Told[] {
  const absences = places.map(({ at }) => absenceAt(signer.zone, at, estate));
  const hidden = absences.filter((absence) => absence === 'wildcard').length;
  const plain = absences.filter((absence) => absence !== 'wildcard');
  const expected = signer.tokens.length;
  const told: Told[] = [];
  const [first] = plain;
  if (first !== undefined) {
    const absence = plain.every((one) => one === first) ? first : 'mixed';
    const facts = { missing: plain.length, expected, absence, sesNoticed: statusOf(member) !== 'SUCCESS', ...more };
    told.push({ kind: 'record-missing', severity: 'by-status', facts });
  }
  if (hidden > 0) told.push({ kind: 'wildcard-answer', severity: 'by-status', facts: { missing: hidden, expected } });
  return told;
}

const missing = (variant: string, kind: 'easy' | 'own-key', how: 'one' | 'some' | 'all', beneath = false): FaultKind =>
  faultKind(`record-missing:${variant}`, 'records', (estate, random) => {
    const signer = signerFor(kind, 'records', estate, random);
    const places = some(signer, random, how);
    const below: Step[] = beneath
      ? places.map(({ at }) => ({ kind: 'records', zone: signer.zone, at: `note.${at}`, records: { TXT: 'kept' } }))
      : [];
    return {
      about: `${places.map(({ name }) => name).join(', ')}`,
      after: [...removal(signer, places), ...below],
      hits: hitsAll([signer], (one, member, end) => absent(one, places, member, end)),
    };
  });

/** The domain moves to other name servers, and its DKIM records stay behind. */
const moved = (variant: string, old: 'keeps' | 'forgets', sesLooksBack: boolean): FaultKind =>
  faultKind(`record-missing:${variant}`, 'zone', (estate, random) => {
    // A server shows where a CNAME ends only if that lies in its own zone; and one that serves the zone above would go on answering from its copy.
    const shown = ({ remarks }: Zone): boolean => !remarks.some((remark) => /chain|selector is a CNAME/.test(remark));
    const servedAbove = ({ apex, servers }: Zone): boolean =>
      estate.zones.some((one) => apex.endsWith(`.${one.apex}`) && one.servers.some((server) => servers.includes(server)));
    const zone = zoneFor('zone', estate, random, (one) => (!sesLooksBack || shown(one)) && (old === 'forgets' || !servedAbove(one)));
    const before = zone.servers;
    const now = newServers(estate, 2 + random.int(2));
    const signers = estate.signers.filter((one) => one.zone === zone);
    const primary = before[0] ?? '';
    const looks: Step[] = sesLooksBack
      ? signers.flatMap(({ members }) => members.map((member): Step => ({ kind: 'ses', member, state: { soa: { primary, serial: 1 } } })))
      : [];
    const movedFrom = [...new Set(before)].sort();
    return {
      about: `${zone.apex} from ${before.join(', ')} to ${now.join(', ')}`,
      after: [
        {
          kind: 'world',
          says: `${zone.apex} moves; the old servers' copy: ${old}`,
          run: ({ dns }) => dns.moveZone(zone.apex, now, { old }),
        },
        ...signers.flatMap((signer) => removal(signer, recordsOf(signer))),
        ...looks,
      ],
      hits: hitsAll(signers, (signer, member, end) =>
        absent(signer, recordsOf(signer), member, end, {
          movedFrom,
          nameServers: [...now].sort(),
          ...(sesLooksBack ? { stillAt: primary } : {}),
        }),
      ),
    };
  });

/** A wildcard that answers where a record ought to be. */
const behindWildcard = (variant: string, records: RecordsAt): FaultKind =>
  faultKind(`wildcard-answer:${variant}`, 'records', (estate, random) => {
    const signer = signerFor('any', 'records', estate, random);
    const places = some(signer, random, 'some');
    const { zone, domain } = signer;
    const wildcard = `*.${relative(`_domainkey.${domain}`, zone.apex)}`.replace(/\.@$/, '');
    return {
      about: places.map(({ name }) => name).join(', '),
      after: [{ kind: 'records', zone, at: wildcard, records: { CNAME: [], TXT: [], ...records } }, ...removal(signer, places)],
      hits: hitsAll([signer], (one, member, end) => absent(one, places, member, end)),
    };
  });

/** The right record, to be put in a wrong place. */
function rightRecord(signer: Signer, { target }: Place): RecordsAt {
  return signer.kind === 'easy' ? { CNAME: target } : { TXT: `v=DKIM1; k=rsa; p=${signer.key ?? ''}` };
}

function elsewhere(signer: Signer, places: readonly Place[], nameOf: (place: Place) => string): readonly Step[] {
  const steps = places.map((place): Step => {
    const name = nameOf(place);
    return { kind: 'records', zone: signer.zone, at: relative(name, signer.zone.apex), records: rightRecord(signer, place) };
  });
  return [...removal(signer, places), ...steps];
}

const doubled = (variant: string, how: 'one' | 'all', by: 'zone' | 'domain'): FaultKind =>
  faultKind(`record-name-doubled:${variant}`, 'records', (estate, random): FaultParts => {
    const signer = signerFor('any', 'records', estate, random, (one) => by === 'zone' || liesIn(one.domain, one.zone.apex));
    const places = some(signer, random, how);
    const foundAt = ({ name }: Place): string => `${name}.${by === 'zone' ? signer.zone.apex : signer.domain}`;
    const found = places.map((place) => ({ name: place.name, foundAt: foundAt(place) }));
    return {
      about: places.map(({ name }) => name).join(', '),
      after: elsewhere(signer, places, foundAt),
      hits: hitsAll([signer], () => [{ kind: 'record-name-doubled', severity: 'by-status', facts: { found } }]),
    };
  });

const SLIPS: Readonly<Record<string, (place: Place, signer: Signer) => string>> = {
  'no-underscore': ({ token }, { domain }) => `${token}.domainkey.${domain}`,
  'without-domainkey': ({ token }, { domain }) => `${token}.${domain}`,
  'labels-swapped': ({ token }, { domain }) => `_domainkey.${token}.${domain}`,
  'under-parent': ({ token }, { domain }) => `${token}._domainkey.${domain.slice(domain.indexOf('.') + 1)}`,
  'under-child': ({ token }, { domain }) => `${token}._domainkey.www.${domain}`,
};

const misplaced = (how: string): FaultKind =>
  faultKind(`record-misplaced:${how}`, 'records', (estate, random) => {
    const slip = (place: Place, one: Signer): string => SLIPS[how]?.(place, one) ?? '';
    // The wrong place has to lie in the same zone, or nobody could have put the record there by a slip.
    const fits = (one: Signer): boolean =>
      liesIn(one.domain, one.zone.apex) &&
      (how !== 'under-parent' || one.domain !== one.zone.apex) &&
      recordsOf(one).every((place) => zoneOf(estate, slip(place, one)) === one.zone);
    const signer = signerFor('any', 'records', estate, random, fits);
    const places = some(signer, random, random.pick(['one', 'all']));
    const at = (place: Place): string => slip(place, signer);
    const found = places.map((place) => ({ name: place.name, foundAt: at(place), how }));
    return {
      about: places.map(({ name }) => name).join(', '),
      after: elsewhere(signer, places, at),
      hits: hitsAll([signer], () => [{ kind: 'record-misplaced', severity: 'by-status', facts: { found } }]),
    };
  });

const liesIn = (name: string, apex: string): boolean => name === apex || name.endsWith(`.${apex}`);

/** The registrable domain lapses, or loses its delegation while the registry still has the name. */
const gone = (how: 'nxdomain' | 'no-delegation'): FaultKind =>
  faultKind(`domain-gone:${how}`, 'gone', (estate, random) => {
    const beneath = (one: Signer): readonly Signer[] =>
      estate.signers.filter(({ domain }) => liesIn(domain, registrableOf(one, estate.zones)));
    const signer = signerFor('any', 'gone', estate, random, (one) => beneath(one).every((other) => mayTake(other, 'gone')));
    const registrable = registrableOf(signer, estate.zones);
    const signers = beneath(signer);
    for (const one of signers) take(one, 'gone');
    for (const zone of estate.zones) if (liesIn(zone.apex, registrable)) zone.serversTaken = true;
    const top = registrable.slice(registrable.lastIndexOf('.') + 1);
    const steps: Step[] = [
      { kind: 'world', says: `${registrable} is dropped by its registry`, run: ({ dns }) => dns.dropDomain(registrable) },
    ];
    if (how === 'no-delegation')
      steps.push({
        kind: 'world',
        says: 'the registry keeps the name',
        run: ({ dns }) => dns.setRecord(top, relative(registrable, top), 'TXT', 'on hold'),
      });
    return {
      about: registrable,
      after: steps,
      hits: hitsAll(signers, () => [{ kind: 'domain-gone', severity: 'critical', facts: { registrable, how } }]),
    };
  });

/** The topmost zone above the set. */
function registrableOf(signer: Signer, zones: readonly Zone[]): string {
  const above = zones.map(({ apex }) => apex).filter((apex) => liesIn(signer.domain, apex));
  return above.sort((a, b) => a.length - b.length)[0] ?? signer.domain;
}

export const lostFaults: readonly FaultKind[] = [
  missing('one', 'easy', 'one'),
  missing('some', 'easy', 'some'),
  missing('all', 'easy', 'all'),
  missing('own-key', 'own-key', 'all'),
  missing('nodata', 'easy', 'some', true),
  moved('moved', 'keeps', false),
  moved('moved-and-forgotten', 'forgets', false),
  moved('moved-and-ses-looks-back', 'keeps', true),
  behindWildcard('txt', { TXT: 'v=spf1 -all' }),
  behindWildcard('cname', { CNAME: 'parking.mail-host.net' }),
  doubled('one', 'one', 'zone'),
  doubled('all', 'all', 'zone'),
  doubled('by-domain', 'all', 'domain'),
  ...Object.keys(SLIPS).map(misplaced),
  gone('nxdomain'),
  gone('no-delegation'),
];
