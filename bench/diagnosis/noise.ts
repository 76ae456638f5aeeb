// Odd things that harm nobody: none of them may be told.
import type { Behaviour } from '../../sandbox/dns/behaviour.ts';
import { type Estate, type SesState, sesIdentity, type Zone } from './estate.ts';
import { MOMENTS, type Moment, type Step } from './fault.ts';
import { newServers } from './healthy-zone.ts';
import type { Random } from './random.ts';

export interface Noise extends Partial<Readonly<Record<Moment, readonly Step[]>>> {
  readonly says: string;
}

/** A few oddities for an estate, on zones and identities that nothing has happened to and on some that faults have touched as well. */
export function addNoise(estate: Estate, random: Random): readonly Noise[] {
  return Array.from({ length: random.int(4) }, () => random.pick(SORTS)(estate, random)).filter((one) => one !== undefined);
}

type Sort = (estate: Estate, random: Random) => Noise | undefined;

const ODD: readonly Behaviour[] = [
  { kind: 'delay', ms: 40 },
  { kind: 'lower-case' },
  { kind: 'no-edns', how: 'formerr' },
  { kind: 'no-edns', how: 'notimp' },
  { kind: 'no-edns', how: 'ignores' },
  { kind: 'truncate' },
  { kind: 'lose', percent: 8 },
];

/** Servers that are slow, lossy, old-fashioned or prefer TCP. */
const oddServers: Sort = (estate, random) => {
  const zone = freeZone(estate, random);
  if (zone === undefined) return undefined;
  const servers = random.chance(0.5) ? zone.servers : [random.pick(zone.servers)];
  const behaviour = random.pick(ODD);
  // TCP sends again what is lost.
  const lossy = behaviour.kind === 'lose' ? ({ transport: 'udp' } as const) : {};
  return {
    says: `${servers.join()}: ${JSON.stringify(behaviour)}`,
    begin: [{ kind: 'world', says: 'odd servers', run: ({ dns }) => void dns.behave({ servers, behaviour, ...lossy }) }],
  };
};

/** The resolvers fail for a moment. */
const hiccup: Sort = (estate, random) => {
  const zone = random.pick(estate.zones);
  const times = 1 + random.int(4);
  const behaviour: Behaviour = random.chance(0.5) ? { kind: 'rcode', rcode: 'SERVFAIL' } : { kind: 'silent' };
  const servers = [random.pick(['resolver', 'resolver-2'])];
  const step: Step = {
    kind: 'world',
    says: 'hiccup',
    run: ({ dns }) => void dns.behave({ servers, names: [zone.apex], times, behaviour }),
  };
  return { says: `${servers} fails ${times} times about ${zone.apex} (${behaviour.kind})`, [random.pick(MOMENTS)]: [step] };
};

/** Serial numbers that differ, over the same data. From then on the server has a copy of its own: only where nothing happens later. */
const serials: Sort = (estate, random) => {
  const zone = quietZone(estate, random);
  if (zone === undefined) return undefined;
  const server = random.pick(zone.servers);
  zone.serversTaken = true;
  return {
    says: `${server} has another serial of ${zone.apex}`,
    after: [
      { kind: 'world', says: 'serial', run: ({ dns }) => dns.setSerial(zone.apex, 2026000000 + random.int(9999), { servers: [server] }) },
    ],
  };
};

/** A domain moves with all its records. */
const moves: Sort = (estate, random) => {
  const zone = quietZone(estate, random);
  if (zone === undefined) return undefined;
  const to = newServers(estate, 2 + random.int(3));
  const old = random.pick(['keeps', 'forgets'] as const);
  zone.serversTaken = true;
  const step: Step = { kind: 'world', says: 'move', run: ({ dns }) => dns.moveZone(zone.apex, to, { old }) };
  return { says: `${zone.apex} moves to ${to.join()}, records and all (${old})`, [random.pick(['after', 'late'] as const)]: [step] };
};

/** Somebody edits other records. */
const edits: Sort = (estate, random) => {
  const zone = quietZone(estate, random);
  if (zone === undefined) return undefined;
  return {
    says: `other records of ${zone.apex} change`,
    after: [
      { kind: 'records', zone, at: 'www', records: { A: '203.0.113.99' } },
      { kind: 'records', zone, at: 'new', records: { TXT: 'hello' } },
    ],
  };
};

/** SES's answers of other days: fields that are missing, spelt otherwise, or new. */
const oddAnswers: Sort = (estate, random) => {
  const member = random.pick(estate.members);
  const { signer, part } = member;
  if (signer !== undefined && (['ses', 'alone', 'zone'] as const).some((slot) => signer.taken.has(slot))) return undefined;
  const easy = part === 'own' || part === 'replica';
  const { SigningHostedZone: _, ...zoneless } = sesIdentity(member).facts.DkimAttributes ?? {};
  const [says, state] = random.pick<readonly [string, SesState | false]>([
    ['tokens in capitals', easy && { tokens: (signer?.tokens ?? []).map((token) => token.toUpperCase()) }],
    ['no hosted zone', easy && { facts: { DkimAttributes: zoneless } }],
    ['an origin of tomorrow', part === 'own' && { dkim: { SigningAttributesOrigin: 'AWS_NEXT' } }],
    ['no verification info', { facts: { VerificationInfo: {} } }],
    ['a new type of identity', part !== 'address' && { facts: { IdentityType: 'MANAGED_DOMAIN', Mood: { Good: true } } }],
    ['another primary name server, and content', { soa: { primary: 'hidden-primary.mail-host.net', serial: 3 } }],
  ]);
  if (state === false) return undefined;
  // Said from the first sweep on; the sandbox has published its keys by then.
  return { says: `${member.region}/${member.name}: ${says}`, begin: [{ kind: 'ses', member, state }] };
};

const SORTS: readonly Sort[] = [oddServers, oddServers, hiccup, hiccup, serials, moves, edits, oddAnswers, oddAnswers];

/** A zone whose servers are in no other trouble. */
function freeZone(estate: Estate, random: Random): Zone | undefined {
  const free = estate.zones.filter(({ serversTaken }) => !serversTaken);
  return free.length === 0 ? undefined : random.pick(free);
}

/** A zone in which nothing happens, nor in any that its servers serve as well. */
function quietZone(estate: Estate, random: Random): Zone | undefined {
  const busy = new Set(estate.signers.filter(({ taken }) => taken.size > 0).flatMap(({ zone, domain }) => [zone.apex, domain]));
  const quiet = estate.zones.filter(
    (zone) =>
      !zone.serversTaken &&
      ![...busy].some((apex) => apex === zone.apex || apex.endsWith(`.${zone.apex}`) || zone.apex.endsWith(`.${apex}`)),
  );
  return quiet.length === 0 ? undefined : random.pick(quiet);
}
