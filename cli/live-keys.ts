// Looks up the keys of signatures, as receivers do: through the configured resolvers, each name once.
import { txtAtEnd } from '../lambda/dkim/answer-chain.ts';
import type { LiveKey } from '../lambda/dkim/judge-signature.ts';
import { readKeyRecord } from '../lambda/dkim/key-record.ts';
import type { Lookup } from '../lambda/model/lookup.ts';
import { type DnsName, parseDnsName } from '../lambda/model/names.ts';
import type { Dns } from '../lambda/sweep/ports.ts';

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

export function createLiveKeys(dns: Pick<Dns, 'askResolvers'>): LiveKeys {
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

async function ask(name: DnsName, dns: Pick<Dns, 'askResolvers'>): Promise<Found> {
  const lookups = await dns.askResolvers({ name, type: 'TXT' });
  const told = lookups.find(({ outcome }) => outcome.kind === 'answer') ?? lookups.find(({ outcome }) => outcome.kind === 'absent');
  if (told?.outcome.kind === 'absent') return { key: { kind: 'missing', how: told.outcome.how } };
  if (told?.outcome.kind !== 'answer') return { key: { kind: 'unknown', detail: failureOf(lookups) } };
  const [text, ...more] = txtAtEnd(told.outcome.records, name);
  if (text === undefined) return { key: { kind: 'missing', how: 'nodata' } };
  if (more.length > 0) return { key: { kind: 'several', count: more.length + 1 }, text };
  return { key: { kind: 'record', record: readKeyRecord(text) }, text };
}

function failureOf(lookups: readonly Lookup[]): string {
  const said = lookups.map(({ server, outcome }) => `${server.address}: ${'how' in outcome ? outcome.how : outcome.kind}`);
  return said.length === 0 ? 'no resolver is configured' : said.slice(0, 5).join(', ');
}
