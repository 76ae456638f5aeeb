// The records that DNS must hold for one identity, as SES knows it or as somebody typed it, with the zone that holds them: what `dkim-monitor records` does.
import { KEY_PLACEHOLDER, recordForms } from '../diagnosis/fixes.ts';
import { expectationOf } from '../dkim/expectation.ts';
import { regionProblem } from '../dkim/region-zones.ts';
import { COMMAND } from '../model/command.ts';
import type { Expectation, ExpectedRecord } from '../model/expectation.ts';
import type { Identity, Target } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import type { RecordSheet, SheetPlace } from '../model/record-sheet.ts';
import { visible } from '../model/safe-text.ts';
import { type Expected, expectedIdentity } from './check-domain.ts';
import { domainKeyName } from './panel.ts';
import type { Clock, Dns, InventoryReader } from './ports.ts';
import { readOne } from './read-one.ts';

/** Easy DKIM publishes three records. */
const EASY_TOKENS = 3;

/** A place with its records as values, before they have a form. */
interface Found {
  readonly place: SheetPlace;
  readonly records: readonly ExpectedRecord[];
}

/** The zone that holds the records, or a sentence that says why it is not known. */
export type Zone = { readonly apex: DnsName } | { readonly unknown: string };

/** Asks DNS for the zone. */
export async function findZone(domain: DnsName, dns: Pick<Dns, 'delegation'>): Promise<Zone> {
  const delegation = await dns.delegation(domainKeyName(domain));
  switch (delegation.kind) {
    case 'delegated':
      return { apex: delegation.apex };
    case 'gone':
      return { unknown: `DNS says that ${delegation.registrable} does not exist.` };
    case 'unknown':
      return { unknown: visible(delegation.detail) };
  }
}

/** The records of what somebody typed. */
export function recordsAsTyped(expected: Expected, zone: Zone): RecordSheet {
  const { identity, keys } = expectedIdentity(expected, '1970-01-01T00:00:00.000Z');
  const { place, records } = foundIn(identity, expectationOf(identity, keys));
  const { status: _, ...bare } = place;
  const given = expected.kind === 'easy' ? expected.tokens.length : EASY_TOKENS;
  const few = `Easy DKIM has three records, and ${given === 1 ? 'one token was' : `${given} tokens were`} given: the rest is not here.`;
  const notes = given < EASY_TOKENS ? [...bare.notes, few] : bare.notes;
  return published(expected.domain, zone, [{ place: { ...bare, notes }, records }]);
}

/** The records that SES expects in each of these targets, in their order. Never throws for what SES answers. */
export async function recordsBySes(
  domain: DnsName,
  targets: readonly Target[],
  keys: readonly ConfiguredKey[],
  zone: Zone,
  world: { readonly inventory: InventoryReader; readonly clock: Clock },
): Promise<RecordSheet> {
  const found = await Promise.all(targets.map(async (target) => foundAt(target, domain, keys, targets[0]?.region, world)));
  return published(domain, zone, found);
}

async function foundAt(
  target: Target,
  domain: DnsName,
  keys: readonly ConfiguredKey[],
  home: Target['region'] | undefined,
  world: { readonly inventory: InventoryReader; readonly clock: Clock },
): Promise<Found> {
  const { account, region } = target;
  const where = `account ${account}, ${region}`;
  const none = (why: 'no-identity' | 'not-read', problem: string): Found => ({
    place: { account, region, notes: [], why, problem },
    records: [],
  });
  const never = regionProblem(region, home);
  if (never !== undefined) return none('not-read', never);
  const read = await readOne(target, domain, world);
  switch (read.kind) {
    case 'no-such-identity':
      return none('no-identity', `SES has no identity ${domain} in ${where}. Identities are regional: each region has its own.`);
    case 'not-read':
      return none('not-read', `SES in ${where} could not be read. To see why:\n${COMMAND} sweep --region ${region}`);
    case 'read': {
      const { place, records } = foundIn(read.identity, expectationOf(read.identity, keys));
      return { place: { account, region, ...place }, records };
    }
  }
}

function foundIn(identity: Identity, expectation: Expectation): Found {
  const { method, ses, parentRegion } = identity;
  const about = { method, status: ses.status, ...(parentRegion === undefined ? {} : { parentRegion }) };
  switch (expectation.kind) {
    case 'nothing':
      return { place: { ...about, notes: [], why: 'nothing', problem: withoutRecords(identity, expectation.reason) }, records: [] };
    case 'unknowable':
      return { place: { ...about, notes: [], why: 'unknowable', problem: visible(expectation.detail) }, records: [] };
    case 'records':
      return { place: { ...about, notes: notesOn(identity, expectation) }, records: expectation.records };
  }
}

function withoutRecords({ identity, region }: Identity, reason: 'address' | 'not-set-up'): string {
  const name = visible(identity, 320);
  return reason === 'address'
    ? `${name} is an address: it has no DKIM records. As an identity of its own it has DKIM settings of its own, which override those of its domain.`
    : `DKIM is not set up for ${name} in ${region}, so there is nothing to publish yet. To start it:\naws ses verify-domain-dkim --region ${region} --domain ${name}`;
}

function notesOn(
  { identity, method, region, parentRegion, ses }: Identity,
  expectation: Extract<Expectation, { kind: 'records' }>,
): readonly string[] {
  const { records, remark, zoneSource } = expectation;
  const lacksKey = records.some((record) => record.type === 'TXT' && record.publicKey === undefined);
  const [cname] = records.flatMap((record) => (record.type === 'CNAME' ? [record] : []));
  return [
    ...(method === 'deed'
      ? [
          `A replica (Deterministic Easy DKIM): these are the records of its parent identity in ${parentRegion ?? 'another region'}. Published once, they serve the parent and all its replicas.`,
        ]
      : []),
    ...(lacksKey
      ? [
          `SES never tells the public key: put yours in place of ${KEY_PLACEHOLDER}, or give it with ${region === '' ? '--public-key' : '"byodkim" in monitor.config.json'}. From the private key that SES was given:\nopenssl rsa -in private.pem -pubout -outform DER | openssl base64 -A`,
        ]
      : []),
    ...(zoneSource === 'table' && cname !== undefined
      ? [
          `SES did not say which zone its keys are in: ${cname.target.slice(cname.token.length + 1)} is taken from the list of ${method === 'deed' ? (parentRegion ?? region) : region}.`,
        ]
      : []),
    ...(ses.status === 'FAILED'
      ? [
          `SES has stopped looking (FAILED): publishing alone does not bring it back. What else it takes:\n${COMMAND} check ${identity} --region ${region}`,
        ]
      : []),
    // What was typed is not what SES gave.
    ...(remark === undefined || region === '' ? [] : [visible(remark)]),
  ];
}

function published(domain: DnsName, zone: Zone, found: readonly Found[]): RecordSheet {
  const apex = 'apex' in zone ? zone.apex : undefined;
  const distinct = new Map(found.flatMap(({ records }) => records.map((record) => [JSON.stringify(record), record] as const)));
  return {
    identity: domain,
    ...('apex' in zone ? { zone: zone.apex } : { zoneUnknown: zone.unknown }),
    places: found.map(({ place, records }) => (records.length === 0 ? place : { ...place, forms: recordForms(records, apex) })),
    all: recordForms([...distinct.values()], apex),
  };
}
