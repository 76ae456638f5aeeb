// The configured resolvers: one after the other until one answers, or all of them for a panel.
import type { Lookup, Question } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';
import type { Asked, Asking } from './asking.ts';
import type { Destination } from './udp-pool.ts';

export interface Resolved {
  /** The first answer or absence; undefined if no resolver could tell. */
  readonly told: Asked | undefined;
  /** Everything that was asked for it. */
  readonly lookups: readonly Lookup[];
}

export interface Resolvers {
  first(question: Question): Promise<Resolved>;
  /** The same, of all at once: one that refuses what the others tell is heard as well. */
  firstOfAll(question: Question): Promise<Resolved>;
  all(question: Question, checkingDisabled: boolean): Promise<readonly Lookup[]>;
  /** {@link CONTROL} of all: asked once, however often this is called. */
  control(): Promise<readonly Lookup[]>;
  /** Whether the name has an IPv6 address; undefined if no resolver could tell. */
  hasIPv6(name: DnsName): Promise<boolean | undefined>;
}

/** Always there and always signed: a resolver that does not answer it as checked (AD) cannot be believed when it refuses a domain for its DNSSEC. */
export const CONTROL: Question = { name: dnsName('com'), type: 'SOA' };

/** `addresses` in the order of preference. */
export function createResolvers(asking: Asking, addresses: readonly Destination[]): Resolvers {
  let control: Promise<readonly Lookup[]> | undefined;

  async function all(question: Question, checkingDisabled: boolean): Promise<readonly Lookup[]> {
    const asked = await Promise.all(addresses.map((resolver) => asking.resolver(resolver, question, checkingDisabled)));
    return asked.map((one) => one.lookup);
  }

  return {
    all,
    control() {
      control ??= all(CONTROL, false);
      return control;
    },
    async first(question) {
      const lookups: Lookup[] = [];
      for (const resolver of addresses) {
        const asked = await asking.resolver(resolver, question, false);
        lookups.push(asked.lookup);
        const { kind } = asked.lookup.outcome;
        if (kind === 'answer' || kind === 'absent') return { told: asked, lookups };
      }
      return { told: undefined, lookups };
    },
    async firstOfAll(question) {
      const asked = await Promise.all(addresses.map((resolver) => asking.resolver(resolver, question, false)));
      const told = asked.find(({ lookup: { outcome } }) => outcome.kind === 'answer' || outcome.kind === 'absent');
      return { told, lookups: asked.map(({ lookup }) => lookup) };
    },
    async hasIPv6(name) {
      for (const resolver of addresses) {
        const message = await asking.rawFromResolver(resolver, name, 'AAAA');
        if (message?.rcode === 0 || message?.rcode === 3) return message.answers.some((record) => record.type === 'AAAA');
      }
      return undefined;
    },
  };
}
