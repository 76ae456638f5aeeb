// Looks up the keys of signatures, as receivers do: through the configured resolvers, each name once. An absence is asked for at the domain's own servers.
import { cnameChain, txtAtEnd } from '../lambda/dkim/answer-chain.ts';
import type { LiveKey } from '../lambda/dkim/judge-signature.ts';
import { readKeyRecord } from '../lambda/dkim/key-record.ts';
import type { Lookup } from '../lambda/model/lookup.ts';
import { type DnsName, parseDnsName } from '../lambda/model/names.ts';
import type { Dns } from '../lambda/sweep/ports.ts';
import { askOwnServers, NOBODY_SPOKE } from './own-servers.ts';

/** What of DNS is needed here. */
export type LiveDns = Pick<Dns, 'askResolvers' | 'ask' | 'delegation'>;

export interface LiveKeys {
  /** What DNS holds at `<selector>._domainkey.<domain>`; both may be hostile. */
  find(selector: string, domain: string): Promise<LiveKey>;
  /** The record's text for the library that checks signatures. Throws what a resolver of Node's would throw. */
  resolve(name: string): Promise<readonly (readonly string[])[]>;
}

interface Found {
  readonly key: LiveKey;
  readonly text?: string;
}

export function createLiveKeys(dns: LiveDns): LiveKeys {
  const asked = new Map<string, Promise<Found>>();
  const look = (name: string): Promise<Found> => {
    const parsed = parseDnsName(name);
    if (!parsed.ok) return Promise.resolve({ key: { kind: 'not-asked' } });
    const found = asked.get(parsed.value) ?? ask(parsed.value, dns);
    asked.set(parsed.value, found);
    return found;
  };
  return {
    find: async (selector, domain) => (await look(`${selector}._domainkey.${domain}`)).key,
    async resolve(name) {
      const { key, text } = await look(name);
      if (text !== undefined) return [[text]];
      throw Object.assign(new Error('no key'), { code: key.kind === 'missing' ? 'ENOTFOUND' : 'ESERVFAIL' });
    },
  };
}

async function ask(name: DnsName, dns: LiveDns): Promise<Found> {
  const lookups = await dns.askResolvers({ name, type: 'TXT' });
  const told = lookups.find(({ outcome }) => outcome.kind === 'answer') ?? lookups.find(({ outcome }) => outcome.kind === 'absent');
  if (told?.outcome.kind !== 'answer' && told?.outcome.kind !== 'absent') return { key: { kind: 'unknown', detail: failureOf(lookups) } };
  const values = told.outcome.kind === 'answer' ? txtAtEnd(told.outcome.records, name) : [];
  return values.length > 0 ? keyOf(values) : absentOrNot(name, dns, MAX_LINKS);
}

function keyOf([text = '', ...more]: readonly string[]): Found {
  if (more.length > 0) return { key: { kind: 'several', count: more.length + 1 }, text };
  return { key: { kind: 'record', record: readKeyRecord(text) }, text };
}

/** CNAMEs followed from one zone into the next. */
const MAX_LINKS = 5;

/** A resolver, or whoever stands in its place, says that there is no key: that is told only if the domain's own servers say so too. */
async function absentOrNot(name: DnsName, dns: LiveDns, links: number): Promise<Found> {
  const own = await askOwnServers(name, dns);
  if (own.kind === 'gone') return { key: { kind: 'missing', how: 'nxdomain' } };
  if (own.kind === 'unknown') return { key: { kind: 'unknown', detail: own.detail } };
  const outcomes = own.said.flatMap(({ lookup }) => (lookup === undefined ? [] : [lookup.outcome]));
  const answers = outcomes.flatMap((outcome) => (outcome.kind === 'answer' ? [outcome.records] : []));
  const values = answers.map((records) => txtAtEnd(records, name)).find((found) => found.length > 0);
  if (values !== undefined) return keyOf(values);
  const target = answers.map((records) => cnameChain(records, name).at(-1)).find((end) => end !== undefined);
  if (target !== undefined) {
    const next = parseDnsName(target);
    return next.ok && links > 0 ? absentOrNot(next.value, dns, links - 1) : { key: { kind: 'missing', how: 'nodata' } };
  }
  const [first] = outcomes;
  if (first === undefined) return { key: { kind: 'unknown', detail: NOBODY_SPOKE } };
  return { key: { kind: 'missing', how: first.kind === 'absent' ? first.how : 'nodata' } };
}

function failureOf(lookups: readonly Lookup[]): string {
  const said = lookups.map(({ server, outcome }) => `${server.address}: ${'how' in outcome ? outcome.how : outcome.kind}`);
  return said.length === 0 ? 'no resolver is configured' : said.slice(0, 5).join(', ');
}
