// Random estates in which nothing is wrong: two to eight identities of mixed methods, each of whose records is where it must be.
import { feedbackHost, tokensFor } from '../../sandbox/aws/identities.ts';
import { type Estate, type Member, recordsOf, relative, type SesState, type Signer, type Zone, zoneOf } from './estate.ts';
import { addDomainZone, addSubdomain, addZone, put } from './healthy-zone.ts';
import { keyNumber } from './key-pool.ts';
import type { Random } from './random.ts';

/** Regions that share a zone for their keys, and one with a zone of its own. */
const REGIONS = ['eu-west-1', 'us-east-1', 'eu-central-1', 'us-west-2', 'eu-south-1'];

/** An estate with its accounts, and nothing in it yet. */
export function emptyEstate(index: number, random: Random): Estate {
  const regions = random.shuffled(REGIONS).slice(0, 1 + random.int(3));
  const estate: Estate = { index, accounts: [], closed: new Set(), regions, zones: [], signers: [], members: [], names: 0 };
  newAccount(estate);
  if (random.chance(0.2)) newAccount(estate);
  return estate;
}

/** Fills an estate up to `count` identities. */
export function furnish(estate: Estate, count: number, random: Random): void {
  while (estate.members.length < count)
    random.pick([addEasy, addEasy, addOwnKey, addReplicated, addTwoSetups, addSharedKey, addAddress])(estate, random);
}

/** A place for an identity. */
export function somewhere(estate: Estate, random: Random): { readonly account: string; readonly region: string } {
  const open = estate.accounts.filter((account) => !estate.closed.has(account));
  return { account: open.length > 0 ? random.pick(open) : newAccount(estate), region: random.pick(estate.regions) };
}

export function addMember(estate: Estate, member: Omit<Member, 'first' | 'remarks'>): Member {
  const whole: Member = { ...member, first: member.state, remarks: [] };
  estate.members.push(whole);
  member.signer?.members.push(whole);
  return whole;
}

/** An account that nothing of the estate lies in. */
export function newAccount(estate: Estate): string {
  const account = `3${String(estate.index).padStart(10, '0')}${estate.accounts.length}`;
  estate.accounts.push(account);
  return account;
}

/** A domain with Easy DKIM. */
export function addEasy(estate: Estate, random: Random, where = somewhere(estate, random)): Signer {
  const signer = addEasySigner(estate, random, newHome(estate, random), where.region);
  const member = addMember(estate, { ...where, name: nameOf(signer.domain, random), part: 'own', signer, state: {} });
  addMailFrom(estate, member, random, 0.4);
  return signer;
}

/** A domain with a key of its own. */
export function addOwnKey(estate: Estate, random: Random): Signer {
  const domain = newHome(estate, random);
  const signer: Signer = {
    kind: 'own-key',
    domain,
    zone: keyZone(estate, domain, random),
    region: '',
    tokens: [random.pick(['s1', 'ses2026', 'k'])],
    key: keyNumber(estate.signers.length),
    members: [],
    configured: random.chance(0.3),
    taken: new Set(),
  };
  estate.signers.push(signer);
  publishKey(estate, signer, random);
  // SES may leave the selector out; then the configuration has to name it.
  const state: SesState = signer.configured && random.chance(0.3) ? { tokens: [] } : {};
  const member = addMember(estate, { ...somewhere(estate, random), name: domain, part: 'own-key', signer, state });
  addMailFrom(estate, member, random, 0.4);
  return signer;
}

/** A domain with Easy DKIM and a replica of it in another region, whose keys may live in another zone of SES. */
export function addReplicated(estate: Estate, random: Random): Signer {
  const signer = addEasy(estate, random);
  const account = signer.members[0]?.account ?? '';
  const regions = REGIONS.filter((region) => region !== signer.region);
  for (const region of random.shuffled(regions).slice(0, 1 + random.int(2)))
    addMember(estate, { account, region, name: signer.domain, part: 'replica', signer, state: {} });
  return signer;
}

/** The same domain set up twice, each time with tokens of its own. */
export function addTwoSetups(estate: Estate, random: Random): Signer {
  const one = addEasy(estate, random);
  const [member] = one.members;
  const region = random.pick(REGIONS.filter((other) => other !== one.region));
  const other = addEasySigner(estate, random, one.domain, region);
  addMember(estate, { account: member?.account ?? '', region, name: one.domain, part: 'own', signer: other, state: {} });
  return other;
}

/** One own key that two identities use. */
function addSharedKey(estate: Estate, random: Random): void {
  const signer = addOwnKey(estate, random);
  const [first] = signer.members;
  if (first === undefined) return;
  const region = random.pick(REGIONS.filter((other) => other !== first.region));
  addMember(estate, { account: first.account, region, name: signer.domain, part: 'own-key', signer, state: first.state });
}

/** An address beside its domain, signing as the domain does. */
export function addAddress(estate: Estate, random: Random): Member {
  const domains = estate.members.filter(({ part }) => part !== 'address' && part !== 'bare');
  const beside = domains.length > 0 && random.chance(0.6) ? random.pick(domains) : addEasy(estate, random).members[0];
  if (beside === undefined) throw new Error('an identity has a member');
  estate.names += 1;
  const name = `info${estate.names}@${random.chance(0.3) ? 'team.' : ''}${beside.name.toLowerCase()}`;
  return addMember(estate, { account: beside.account, region: beside.region, name, part: 'address', state: {} });
}

/** A custom MAIL FROM domain, with this probability. An MX that names another region of SES is legitimate. */
export function addMailFrom(estate: Estate, member: Member, random: Random, probability: number): void {
  if (!random.chance(probability)) return;
  estate.names += 1;
  const name = `bounce${estate.names}.${member.name.toLowerCase()}`;
  const zone = zoneOf(estate, name);
  if (zone === undefined) return;
  const region = random.chance(0.2) ? random.pick(REGIONS) : member.region;
  const spf = random.pick(['v=spf1 include:amazonses.com ~all', 'v=spf1 include:amazonses.com include:mail-host.net -all']);
  put(zone, relative(name, zone.apex), { MX: `10 ${feedbackHost(region)}`, TXT: spf });
  const mailFrom = { domain: name, behavior: random.pick(['USE_DEFAULT_VALUE', 'REJECT_MESSAGE'] as const) };
  member.state = { ...member.state, mailFrom };
  member.first = member.state;
}

/** A domain that no identity has yet, in a zone of the estate. */
function newHome(estate: Estate, random: Random): string {
  return random.chance(0.25) ? addSubdomain(estate, random) : addDomainZone(estate, random).apex;
}

/** The zone for the domain's DKIM records: the domain's own, or `_domainkey` delegated by itself. */
function keyZone(estate: Estate, domain: string, random: Random): Zone {
  const known = zoneOf(estate, `_domainkey.${domain}`);
  if (known === undefined) throw new Error(`no zone for ${domain}`);
  const occupied = [...known.content.keys()].some((at) => at.endsWith('_domainkey'));
  if (known.apex !== domain || occupied || !random.chance(0.15)) return known;
  const zone = addZone(estate, random, `_domainkey.${domain}`);
  zone.remarks.push('_domainkey is a zone of its own');
  return zone;
}

function addEasySigner(estate: Estate, random: Random, domain: string, region: string): Signer {
  const tokens = tokensFor(domain, region, String(estate.index));
  const signer: Signer = {
    kind: 'easy',
    domain,
    zone: keyZone(estate, domain, random),
    region,
    tokens,
    members: [],
    configured: false,
    taken: new Set(),
  };
  estate.signers.push(signer);
  const form = random.pick(['plain', 'plain', 'plain', 'capitals', 'chain here', 'chain elsewhere']);
  const elsewhere = form === 'chain elsewhere' ? addZone(estate, random) : undefined;
  for (const { at, target, token } of recordsOf(signer)) {
    if (form === 'plain') put(signer.zone, at, { CNAME: target });
    if (form === 'capitals') put(signer.zone, at, { CNAME: target.toUpperCase() });
    if (form === 'chain here') {
      put(signer.zone, at, { CNAME: `${token}.alias.${signer.zone.apex}` });
      put(signer.zone, `${token}.alias`, { CNAME: target });
    }
    if (elsewhere !== undefined) {
      put(signer.zone, at, { CNAME: `${token}.${elsewhere.apex}` });
      put(elsewhere, token, { CNAME: target });
    }
  }
  if (form !== 'plain') signer.zone.remarks.push(`CNAMEs of ${domain}: ${form}`);
  return signer;
}

/** The ways to write a key that are all right (RFC 6376 §3.6.1). */
function publishKey(estate: Estate, signer: Signer, random: Random): void {
  const { key = '', zone } = signer;
  const [{ at, token } = { at: '', token: '' }] = recordsOf(signer);
  const text = random.pick([
    `p=${key}`,
    `v=DKIM1; k=rsa; p=${key}`,
    `v=DKIM1; k=rsa; p=${key};`,
    `v=DKIM1;k=rsa;h=sha1:sha256;s=email;t=s;p=${key}`,
    `v=DKIM1; n=notes ; s=*; p=${key.slice(0, 100)} ${key.slice(100)}`,
  ]);
  const cut = 1 + random.int(250);
  const inPieces = [text.slice(0, cut), ...(text.slice(cut).match(/.{1,200}/gs) ?? [])];
  const TXT = random.chance(0.3) ? [inPieces] : text;
  if (random.chance(0.15)) {
    const elsewhere = addZone(estate, random);
    put(zone, at, { CNAME: `${token}.${elsewhere.apex}` });
    put(elsewhere, token, { TXT });
    zone.remarks.push('the selector is a CNAME to the key');
  } else put(zone, at, { TXT });
}

/** SES keeps names in lower case; a name in capitals must do no harm. */
function nameOf(domain: string, random: Random): string {
  return random.chance(0.05) ? domain.toUpperCase() : domain;
}

/** Keys of own-key sets that the configuration names. */
export function configuredKeys(
  estate: Estate,
): readonly { readonly identity: string; readonly selector: string; readonly publicKey: string }[] {
  return estate.signers.flatMap(({ configured, domain, tokens, key }) =>
    configured && key !== undefined ? [{ identity: domain, selector: tokens[0] ?? '', publicKey: key }] : [],
  );
}
