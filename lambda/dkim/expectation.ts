// Works out which records DNS must hold for one identity, or why that cannot be known.
import type { Expectation, ExpectedRecord } from '../model/expectation.ts';
import type { Identity } from '../model/identity.ts';
import { type DnsName, parseDnsName } from '../model/names.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import { visible } from '../model/safe-text.ts';
import { regionZone } from './region-zones.ts';

type Unknowable = Extract<Expectation, { kind: 'unknowable' }>;

/** Easy DKIM publishes three records (SES developer guide, "Easy DKIM"). */
const EASY_TOKENS = 3;
/** More than this is not believed, whatever SES answers. */
const MAX_RECORDS = 10;
/** A token or selector: one DNS label of letters, digits and inner hyphens (RFC 6376 §3.1 for selectors). */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The records that must be published for an identity. `keys` are the configured BYODKIM keys.
 * What cannot be known is `unknowable` with one sentence, never a guess and never "nothing".
 */
export function expectationOf(identity: Identity, keys: readonly ConfiguredKey[]): Expectation {
  if (identity.type === 'address') return { kind: 'nothing', reason: 'address' };
  const { domain } = identity;
  if (domain === undefined || !parseDnsName(domain).ok)
    return unknowable('no-domain', `SES names this identity ${visible(identity.identity, 80)}, which is not a domain name.`);
  if (identity.method === 'byodkim') return ownKey(identity, domain, keysOf(identity.identity, keys));
  if (identity.tokens.length === 0) return withoutTokens(identity);
  return easy(identity, domain);
}

const unknowable = (reason: Unknowable['reason'], detail: string): Unknowable => ({ kind: 'unknowable', reason, detail });

function withoutTokens({ ses }: Identity): Expectation {
  if (ses.status === 'NOT_STARTED') return { kind: 'nothing', reason: 'not-set-up' };
  const status = ses.status === 'UNKNOWN' ? 'no DKIM status known to this version' : `DKIM status ${ses.status}`;
  return unknowable('no-tokens', `SES gave ${status} but no tokens, so the records it expects cannot be known.`);
}

/** Easy DKIM, a replica of it, and an identity whose method SES did not name but that has tokens. */
function easy(identity: Identity, domain: DnsName): Expectation {
  const tokens = [...new Set(identity.tokens.map((token) => token.toLowerCase()))];
  const odd = tokens.find((token) => !LABEL.test(token));
  if (odd !== undefined) return unknowable('bad-tokens', `SES gave a token that cannot stand in a DNS name: "${visible(odd, 80)}".`);
  const zone = zoneOf(identity);
  if (zone === undefined)
    return unknowable(
      'zone-unknown',
      `SES did not say where its keys live (SigningHostedZone), and the zone of ${whose(identity)} is not known.`,
    );
  const records: ExpectedRecord[] = [];
  for (const token of tokens.slice(0, MAX_RECORDS)) {
    const name = parseDnsName(`${token}._domainkey.${domain}`);
    const target = parseDnsName(`${token}.${zone.name}`);
    if (!name.ok || !target.ok) return unknowable('no-domain', nameTooLong(domain));
    records.push({ type: 'CNAME', name: name.value, token, target: target.value });
  }
  return { kind: 'records', domain, records, zoneSource: zone.source, ...remarkOn(tokens.length) };
}

const nameTooLong = (domain: DnsName): string => `The records of ${visible(domain, 80)} would have names longer than DNS allows.`;

const remarkOn = (count: number): { readonly remark?: string } =>
  count === EASY_TOKENS ? {} : { remark: `SES gave ${count} different tokens instead of ${EASY_TOKENS}.` };

/** SES's own word first; then the table, for a replica the parent's region, whose keys it shares. */
function zoneOf(identity: Identity): { readonly name: DnsName; readonly source: 'api' | 'table' } | undefined {
  if (identity.hostedZone !== undefined) return { name: identity.hostedZone, source: 'api' };
  const region = identity.method === 'deed' ? identity.parentRegion : identity.region;
  const name = region === undefined ? undefined : regionZone(region);
  return name === undefined ? undefined : { name, source: 'table' };
}

const whose = (identity: Identity): string =>
  identity.method === 'deed' ? `the parent's region ${identity.parentRegion ?? '(not named)'}` : `region ${identity.region}`;

function ownKey(identity: Identity, domain: DnsName, configured: readonly ConfiguredKey[]): Expectation {
  const given = [...new Set(identity.tokens.map((token) => token.toLowerCase()).filter((token) => token !== ''))];
  const named = [...new Set(configured.flatMap(({ selector }) => (selector === undefined ? [] : [selector.toLowerCase()])))];
  if (given.length > 1) return unknowable('bad-tokens', `SES gave ${given.length} selectors where a key of your own has one.`);
  if (given.length === 0 && named.length > 1)
    return unknowable('no-selector', `SES did not name the selector, and the configuration names ${named.length} for this identity.`);
  const selector = given[0] ?? named[0];
  if (selector === undefined) return unknowable('no-selector', 'SES did not name the selector: add it to "byodkim" in the configuration.');
  if (!LABEL.test(selector))
    return unknowable('bad-tokens', `SES gave a selector that cannot stand in a DNS name: "${visible(selector, 80)}".`);
  const name = parseDnsName(`${selector}._domainkey.${domain}`);
  if (!name.ok) return unknowable('no-domain', nameTooLong(domain));
  const publicKey = configured.find(
    (key) => key.publicKey !== undefined && (key.selector?.toLowerCase() ?? selector) === selector,
  )?.publicKey;
  const record: ExpectedRecord = { type: 'TXT', name: name.value, token: selector, ...(publicKey === undefined ? {} : { publicKey }) };
  const remark =
    named.length > 0 && !named.includes(selector)
      ? { remark: `SES uses selector ${selector}; the configuration names ${named.join(', ')}.` }
      : {};
  return { kind: 'records', domain, records: [record], zoneSource: 'none', ...remark };
}

/** One index for each configuration: thousands of identities would otherwise each walk thousands of keys. */
const indexes = new WeakMap<readonly ConfiguredKey[], ReadonlyMap<string, readonly ConfiguredKey[]>>();

function keysOf(identity: string, keys: readonly ConfiguredKey[]): readonly ConfiguredKey[] {
  const index = indexes.get(keys) ?? indexOf(keys);
  indexes.set(keys, index);
  return index.get(bare(identity)) ?? [];
}

function indexOf(keys: readonly ConfiguredKey[]): ReadonlyMap<string, readonly ConfiguredKey[]> {
  const index = new Map<string, ConfiguredKey[]>();
  for (const key of keys) {
    const same = index.get(bare(key.identity));
    if (same) same.push(key);
    else index.set(bare(key.identity), [key]);
  }
  return index;
}

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');
