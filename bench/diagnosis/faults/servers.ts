// Name servers that do not do their work, do not agree, or cannot answer the one question that matters; and broken DNSSEC.
import type { Behaviour } from '../../../sandbox/dns/behaviour.ts';
import { type Estate, recordsOf, type Signer, type Zone, zoneOf } from '../estate.ts';
import { type FaultKind, type FaultParts, faultKind, hitsAll, type Severity, type Step, type Told } from '../fault.ts';
import type { Random } from '../random.ts';
import { withOwnServers, zoneFor } from '../subjects.ts';

const signersIn = (zone: Zone, estate: Estate): readonly Signer[] => estate.signers.filter((one) => one.zone === zone);

/** From now on these servers do so about this zone. */
const behave = (
  zone: Zone,
  servers: readonly string[],
  behaviour: Behaviour,
  more: { readonly types?: readonly string[]; readonly names?: readonly string[] } = {},
): Step => ({
  kind: 'world',
  says: `${servers.join(', ')}: ${JSON.stringify(behaviour)} ${JSON.stringify(more)}`,
  run: ({ dns }) => void dns.behave({ servers, names: more.names ?? [zone.apex], behaviour, ...(more.types && { types: more.types }) }),
});

const MUTE: Readonly<Record<string, Behaviour>> = {
  refused: { kind: 'rcode', rcode: 'REFUSED' },
  servfail: { kind: 'rcode', rcode: 'SERVFAIL' },
  upward: { kind: 'lame', how: 'upward-referral' },
  'not-authoritative': { kind: 'lame', how: 'not-authoritative' },
  silent: { kind: 'silent' },
  noise: { kind: 'garbage', how: 'noise' },
};

/** `bad` of `of` servers misbehave. The last sweep but few of a long row: what lasts is told as lasting. */
const someBroken = (variant: string, bad: number, of: number, how: string, severity: Severity): FaultKind =>
  faultKind(`nameserver-broken:${variant}`, 'zone', (estate, random) => {
    const zone = zoneFor('zone', estate, random);
    const servers = withOwnServers(zone, estate, of);
    const behaviour = MUTE[how] ?? { kind: 'silent' };
    return {
      about: `${bad} of ${of} servers of ${zone.apex}`,
      after: [behave(zone, random.shuffled(servers).slice(0, bad), behaviour)],
      hits: hitsAll(signersIn(zone, estate), () => [broken(severity, of, false)], bad * 2 < of ? { flickers: true } : {}),
    };
  });

const broken = (severity: Told['severity'], of: number, all: boolean): Told => ({
  kind: 'nameserver-broken',
  severity,
  facts: { of, all },
});

/** A name in the delegation that leads nowhere, or into a private network. */
const unusable = (variant: string, of: number, addresses: readonly string[], severity: Severity): FaultKind =>
  faultKind(`nameserver-broken:${variant}`, 'zone', (estate, random) => {
    const zone = zoneFor('zone', estate, random);
    const servers = withOwnServers(zone, estate, of);
    const bad = random.pick(servers);
    zone.addresses[bad] = addresses;
    return { about: `${bad} of ${zone.apex}`, begin: [], hits: hitsAll(signersIn(zone, estate), () => [broken(severity, of, false)]) };
  });

const allLame = (how: string): FaultKind =>
  faultKind(`nameserver-broken:all-${how}`, 'zone', (estate, random) => {
    const zone = zoneFor('zone', estate, random);
    const servers = withOwnServers(zone, estate, 2 + random.int(3));
    zone.mute = true;
    return {
      about: `all servers of ${zone.apex}`,
      after: [behave(zone, servers, MUTE[how] ?? { kind: 'silent' })],
      hits: hitsAll(signersIn(zone, estate), () => [broken('by-status', servers.length, true)]),
    };
  });

/** One server of several has another version of the zone. */
const disagree = (variant: string, cause: 'propagation' | 'split', change: (at: string, zone: Zone, server: string) => Step): FaultKind =>
  faultKind(`nameservers-disagree:${variant}`, 'zone', (estate, random) => {
    const zone = zoneFor('zone', estate, random);
    const server = random.pick(withOwnServers(zone, estate, 2 + random.int(3)));
    const signer = random.pick(signersIn(zone, estate));
    const { at, name } = random.pick(recordsOf(signer));
    const serial = (value: number, servers?: readonly string[]): Step => ({
      kind: 'world',
      says: `serial ${value} at ${servers?.join() ?? 'all'}`,
      run: ({ dns }) => dns.setSerial(zone.apex, value, servers && { servers }),
    });
    return {
      about: `${name} at ${server}`,
      after: [serial(2026060100), change(at, zone, server), serial(cause === 'propagation' ? 2026050100 : 2026060100, [server])],
      hits: hitsAll([signer], () => [{ kind: 'nameservers-disagree', severity: 'warning', facts: { cause } }]),
    };
  });

const lacks = (at: string, zone: Zone, server: string): Step => ({
  kind: 'records',
  zone,
  at,
  records: { CNAME: [], TXT: [] },
  servers: [server],
});
const differs = (at: string, zone: Zone, server: string): Step => ({
  kind: 'records',
  zone,
  at,
  records: { TXT: [], CNAME: 'www.mail-host.net' },
  servers: [server],
});

type Unanswering = (zone: Zone, servers: readonly string[], names: readonly string[]) => readonly Step[];

/** The name is there, and its TXT cannot be had of anybody. */
const txtUnanswerable = (failure: string, steps: Unanswering, kind: 'easy' | 'any' = 'any'): FaultKind =>
  faultKind(`txt-unanswerable:${failure}`, 'zone', (estate, random): FaultParts => {
    const zone = zoneFor('zone', estate, random, (one) => !one.remarks.includes('the selector is a CNAME to the key'), kind);
    const servers = withOwnServers(zone, estate, 2 + random.int(2));
    const all = signersIn(zone, estate).filter((one) => kind === 'any' || one.kind === kind);
    const wholeZone = kind === 'easy' || random.chance(0.5);
    const one = random.pick(all);
    const names = wholeZone ? [zone.apex] : [`_domainkey.${one.domain}`];
    if (wholeZone && kind === 'any') zone.mute = true;
    const hit = wholeZone ? all : all.filter(({ domain }) => domain === one.domain || domain.endsWith(`._domainkey.${one.domain}`));
    return {
      about: `TXT at ${names.join()}`,
      after: steps(zone, servers, names),
      hits: hitsAll(hit, () => [{ kind: 'txt-unanswerable', severity: 'while-success', facts: { failure, all: true } }]),
    };
  });

const failing =
  (...behaviours: readonly Behaviour[]): Unanswering =>
  (zone, servers, names) =>
    servers.map((server, i) => behave(zone, [server], behaviours[i % behaviours.length] ?? { kind: 'silent' }, { types: ['TXT'], names }));

/** The CNAME is given to those who ask for it, and TXT questions are answered as if there were nothing. */
const denying: Unanswering = (zone) => [
  { kind: 'world', says: 'TXT beside a CNAME is denied', run: ({ dns }) => dns.setQuirks(zone.apex, { ignoresCnameFor: ['TXT'] }) },
];

/** Signatures are broken, as after a move with the old DS record left behind. */
const bogus = (variant: string, resolvers: readonly ('resolver' | 'resolver-2')[]): FaultKind =>
  faultKind(`dnssec-bogus:${variant}`, 'zone', (estate, random: Random) => {
    const zone = zoneFor('zone', estate, random);
    // Who refuses the key refuses the policy as well, and whoever takes the policy takes the key.
    zone.mute = true;
    const beneath = estate.signers.filter((one) => zoneOf(estate, `_domainkey.${one.domain}`) === zone);
    return {
      about: zone.apex,
      after: [
        {
          kind: 'world',
          says: `DNSSEC of ${zone.apex} is broken for ${resolvers.join()}`,
          run: ({ dns }) => dns.setBogus(zone.apex, true, { resolvers }),
        },
      ],
      hits: hitsAll(beneath, (signer) => [
        { kind: 'dnssec-bogus', severity: 'critical', facts: { names: recordsOf(signer).map(({ name }) => name) } },
      ]),
    };
  });

const SERVFAIL: Behaviour = { kind: 'rcode', rcode: 'SERVFAIL' };
const REFUSED: Behaviour = { kind: 'rcode', rcode: 'REFUSED' };

export const serverFaults: readonly FaultKind[] = [
  someBroken('one-of-four-silent', 1, 4, 'silent', 'notice'),
  someBroken('one-of-three-refused', 1, 3, 'refused', 'notice'),
  someBroken('one-of-three-upward', 1, 3, 'upward', 'notice'),
  someBroken('one-of-four-not-authoritative', 1, 4, 'not-authoritative', 'notice'),
  someBroken('one-of-three-servfail', 1, 3, 'servfail', 'notice'),
  someBroken('one-of-three-noise', 1, 3, 'noise', 'notice'),
  someBroken('one-of-two-silent', 1, 2, 'silent', 'warning'),
  someBroken('two-of-four-refused', 2, 4, 'refused', 'warning'),
  someBroken('two-of-three-servfail', 2, 3, 'servfail', 'warning'),
  unusable('one-of-two-without-address', 2, [], 'warning'),
  unusable('one-of-three-private', 3, ['10.20.30.40'], 'notice'),
  allLame('refused'),
  allLame('upward'),
  allLame('not-authoritative'),
  disagree('propagation', 'propagation', lacks),
  disagree('split-lacking', 'split', lacks),
  disagree('split-different', 'split', differs),
  txtUnanswerable('servfail', failing(SERVFAIL)),
  txtUnanswerable('refused', failing(REFUSED)),
  txtUnanswerable('formerr', failing({ kind: 'rcode', rcode: 'FORMERR' })),
  txtUnanswerable('silent', failing({ kind: 'silent' })),
  txtUnanswerable('mixed', failing(SERVFAIL, REFUSED)),
  txtUnanswerable('denied', denying, 'easy'),
  bogus('both-resolvers', ['resolver', 'resolver-2']),
  bogus('one-resolver', ['resolver-2']),
];
