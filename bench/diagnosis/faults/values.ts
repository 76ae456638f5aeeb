// Records that are at their name and wrong there: another target, another type, or more of them than there may be.
import { tokensFor } from '../../../sandbox/aws/identities.ts';
import type { RecordsAt } from '../../../sandbox/dns/dns-world.ts';
import { KEY_2048 } from '../../../sandbox/dns/keys.ts';
import { recordsOf, type Signer } from '../estate.ts';
import { type FaultKind, faultKind, hitsAll, type Step } from '../fault.ts';
import type { Random } from '../random.ts';
import { signerFor, zoneFor } from '../subjects.ts';
import { type Place, some } from './lost.ts';

/** Replaces what is at the records' names. */
const replaced = (signer: Signer, places: readonly Place[], by: (place: Place, i: number) => RecordsAt): readonly Step[] =>
  places.map((place, i) => ({ kind: 'records', zone: signer.zone, at: place.at, records: { CNAME: [], TXT: [], ...by(place, i) } }));

type Targets = (place: Place, signer: Signer, random: Random) => string;

const wrongTarget = (cause: string, variant: string, targetOf: Targets, unshown?: true): FaultKind =>
  faultKind(`record-wrong-target:${variant}`, 'records', (estate, random) => {
    const signer = signerFor('easy', 'records', estate, random);
    const places = some(signer, random, random.pick(['one', 'some', 'all']));
    const targets = places.map((place) => targetOf(place, signer, random));
    const found = places.map(({ name, target }, i) => ({ name, target: targets[i]?.toLowerCase(), expected: target }));
    const zone = cause === 'other-region-zone' ? { zone: otherZone(signer) } : {};
    return {
      about: places.map(({ name }) => name).join(', '),
      after: replaced(signer, places, (_, i) => ({ CNAME: targets[i] ?? '' })),
      hits: hitsAll([signer], () => [
        { kind: 'record-wrong-target', severity: 'by-status', facts: { cause, ...(unshown ? {} : { found }), ...zone } },
      ]),
    };
  });

const otherZone = ({ region }: Signer): string => (region === 'eu-south-1' ? 'dkim.amazonses.com' : 'dkim.eu-south-1.amazonses.com');

const zonePart = ({ target }: Place): string => target.slice(target.indexOf('.') + 1);

const former: Targets = ({ token, target }, { domain, region, tokens }) =>
  `${tokensFor(domain, region, 'former')[tokens.indexOf(token)]}${target.slice(target.indexOf('.'))}`;

/** One letter too many, too few, or another one, somewhere in the target. */
const slipped: Targets = ({ target }, _, random) => {
  const at = random.int(target.length - 4);
  if (target[at] === '.' || target[at + 1] === '.') return target.replace('amazonses', 'amazonsses');
  return random.pick([
    `${target.slice(0, at)}${target.slice(at + 1)}`,
    `${target.slice(0, at)}q${target.slice(at)}`,
    `${target.slice(0, at)}${target[at] === 'z' ? 'y' : 'z'}${target.slice(at + 1)}`,
  ]);
};

/** The records' targets are mixed up among themselves. */
const mixedUp: Targets = ({ token, target }, { tokens }) =>
  `${tokens[(tokens.indexOf(token) + 1) % tokens.length]}${target.slice(target.indexOf('.'))}`;

const wrongType = (cause: string, variant: string, by: (place: Place, random: Random) => RecordsAt): FaultKind =>
  faultKind(`record-wrong-type:${variant}`, 'records', (estate, random) => {
    const signer = signerFor('easy', 'records', estate, random);
    const places =
      variant === 'flattened-by-hand' ? recordsOf(signer).slice(0, 1) : some(signer, random, random.pick(['one', 'some', 'all']));
    return {
      about: places.map(({ name }) => name).join(', '),
      after: replaced(signer, places, (place) => by(place, random)),
      hits: hitsAll([signer], () => [
        { kind: 'record-wrong-type', severity: cause === 'flattened' ? 'warning' : 'by-status', facts: { cause } },
      ]),
    };
  });

/** The DNS host shows what is behind a CNAME instead of the CNAME: all of them in the zone. */
const flattened: FaultKind = faultKind('record-wrong-type:flattened', 'zone', (estate, random) => {
  const zone = zoneFor('zone', estate, random, () => true, 'easy');
  const signers = estate.signers.filter((one) => one.zone === zone && one.kind === 'easy');
  return {
    about: zone.apex,
    after: [
      {
        kind: 'world',
        says: `the servers of ${zone.apex} begin to flatten CNAMEs`,
        run: ({ dns }) => dns.setQuirks(zone.apex, { flattens: true }),
      },
    ],
    hits: hitsAll(signers, () => [{ kind: 'record-wrong-type', severity: 'warning', facts: { cause: 'flattened' } }]),
  };
});

const cnameWithoutKey: FaultKind = faultKind('record-wrong-type:cname-without-key', 'records', (estate, random) => {
  const signer = signerFor('own-key', 'records', estate, random);
  const target = random.pick(['s1.keys.mail-host.net', 'www.amazonses.com', 'amazonses.com']);
  return {
    about: recordsOf(signer)
      .map(({ name }) => name)
      .join(),
    after: replaced(signer, recordsOf(signer), () => ({ CNAME: target })),
    hits: hitsAll([signer], () => [{ kind: 'record-wrong-type', severity: 'by-status', facts: { cause: 'cname-without-key' } }]),
  };
});

interface Several {
  readonly cause: string;
  readonly variant: string;
  readonly kind: Signer['kind'];
  readonly usable: boolean;
  readonly by: (place: Place, signer: Signer) => RecordsAt;
  /** Servers that show only the other data to those who do not ask for the CNAME. */
  readonly besideCname?: 'other-data';
}

const ambiguous = ({ cause, variant, kind, usable, by, besideCname }: Several): FaultKind =>
  faultKind(`record-ambiguous:${variant}`, 'records', (estate, random) => {
    const signer = signerFor(kind, 'records', estate, random);
    const places = some(signer, random, 'one');
    const quirk: Step[] = besideCname
      ? [{ kind: 'world', says: `besideCname ${besideCname}`, run: ({ dns }) => dns.setQuirks(signer.zone.apex, { besideCname }) }]
      : [];
    return {
      about: places.map(({ name }) => name).join(),
      after: [...quirk, ...replaced(signer, places, (place) => by(place, signer))],
      hits: hitsAll([signer], () =>
        places.map(({ name }) => ({
          kind: 'record-ambiguous',
          severity: usable ? 'warning' : 'by-status',
          facts: { cause, name, usable },
        })),
      ),
    };
  });

export const valueFaults: readonly FaultKind[] = [
  wrongTarget(
    'domain-appended',
    'domain-appended',
    ({ target }, { zone, domain }, random) => `${target}.${random.pick([zone.apex, domain])}`,
  ),
  wrongTarget('other-region-zone', 'other-region-zone', ({ token }, signer) => `${token}.${otherZone(signer)}`),
  wrongTarget('stale-token', 'stale-token', former),
  wrongTarget('typo', 'typo', slipped),
  wrongTarget('typo', 'mixed-up', mixedUp),
  wrongTarget('unrelated', 'unrelated', (_, __, random) =>
    random.pick(['dkim.mail-vendor.net', 's1.domainkey.u1234.wl.mail-host.net', 'www.mail-host.net']),
  ),
  wrongTarget('unrelated', 'hostile-bytes', () => '\x1b]0;$(reboot)\x07`id`\xff.evil-host.org', true),
  wrongTarget('unrelated', 'zone-itself', (place) => zonePart(place)),
  wrongType('pasted-as-txt', 'pasted-as-txt', ({ target }, random) => ({
    TXT: random.pick([target, `${target}.`, target.toUpperCase(), `CNAME ${target}`]),
  })),
  wrongType('other-txt', 'other-txt', (_, random) => ({ TXT: random.pick(['v=spf1 -all', 'site-verification=1234', 'TODO']) })),
  wrongType('proxied', 'proxied', (_, random) => ({ A: random.pick(['203.0.113.9', '104.16.1.1']) })),
  wrongType('flattened', 'flattened-by-hand', () => ({ TXT: `p=${KEY_2048}` })),
  flattened,
  cnameWithoutKey,
  ambiguous({
    cause: 'several-cnames',
    variant: 'several-cnames',
    kind: 'easy',
    usable: true,
    by: ({ target }) => ({ CNAME: [target, 'dkim.mail-vendor.net'] }),
  }),
  ambiguous({
    cause: 'several-cnames',
    variant: 'several-cnames-all-wrong',
    kind: 'easy',
    usable: false,
    by: () => ({ CNAME: ['dkim.mail-vendor.net', 'other.mail-vendor.net'] }),
  }),
  ambiguous({
    cause: 'cname-beside-other-data',
    variant: 'cname-beside-txt',
    kind: 'easy',
    usable: true,
    by: ({ target }) => ({ CNAME: target, TXT: 'note to self' }),
  }),
  ambiguous({
    cause: 'cname-beside-other-data',
    variant: 'cname-behind-txt',
    kind: 'easy',
    usable: false,
    by: ({ target }) => ({ CNAME: target, TXT: 'note to self' }),
    besideCname: 'other-data',
  }),
  ambiguous({
    cause: 'several-txt',
    variant: 'key-and-other-txt',
    kind: 'own-key',
    usable: true,
    by: (_, { key }) => ({ TXT: [`p=${key}`, 'v=spf1 -all'] }),
  }),
  ambiguous({
    cause: 'several-txt',
    variant: 'several-txt-no-key',
    kind: 'own-key',
    usable: false,
    by: () => ({ TXT: ['v=spf1 -all', 'site-verification=1234'] }),
  }),
  ambiguous({
    cause: 'cut-into-two-records',
    variant: 'cut-into-two-records',
    kind: 'own-key',
    usable: false,
    by: (_, { key }) => ({ TXT: [`v=DKIM1; k=rsa; p=${key}`.slice(0, 250), `v=DKIM1; k=rsa; p=${key}`.slice(250)] }),
  }),
  ambiguous({
    cause: 'cname-beside-other-data',
    variant: 'key-beside-cname',
    kind: 'own-key',
    usable: true,
    by: (_, { key }) => ({ TXT: `p=${key}`, CNAME: 's1.keys.mail-host.net' }),
  }),
];
