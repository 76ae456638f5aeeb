// The cache of zones as plain JSON, short enough for ten thousand of them, and back: what comes back is checked like anything from outside.
import * as z from 'zod';
import { type DnsName, parseDnsName } from '../model/names.ts';
import { isIPv4 } from './addresses.ts';
import { BOUNDS } from './bounds.ts';
import { type CacheEntries, type Dated, type KnownHost, type KnownZone, LONGEST_MS, MAX_ENTRIES, NO_GLUE } from './zone-cache.ts';

const SCHEMA = 1;

const name = z
  .string()
  .max(253)
  .transform((text, context) => {
    const parsed = parseDnsName(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.problem });
    return z.NEVER;
  });
// Seconds: milliseconds cost a quarter more room.
const seconds = z.number().int().nonnegative();
const addresses = z.array(z.string().refine(isIPv4)).max(BOUNDS.addressesOfServer);
const why = z.enum(['no-address', 'ipv6-only', 'lookup-failed']);

const stored = z.object({
  schema: z.literal(SCHEMA),
  /** name, learned, valid until, addresses or why there are none. Zones refer to their place here. */
  hosts: z.array(z.tuple([name, seconds, seconds, z.union([addresses, why])])).max(MAX_ENTRIES),
  /** apex, learned, valid until, servers (names not yet looked up as text), parent asked, primary of the SOA, glue. */
  zones: z
    .array(
      z.tuple([
        name,
        seconds,
        seconds,
        z.array(z.union([z.number().int().nonnegative(), name])).max(BOUNDS.serversOfZone),
        z.boolean(),
        z.string().max(1100).nullable(),
        z.array(z.tuple([name, addresses])).max(BOUNDS.serversOfZone),
      ]),
    )
    .max(MAX_ENTRIES),
  /** name, learned, valid until, apex. */
  cuts: z.array(z.tuple([name, seconds, seconds, name])).max(MAX_ENTRIES),
});

/** The entries as plain JSON. */
export function packCache({ zones, hosts, cuts }: CacheEntries): unknown {
  const place = new Map(hosts.map(([host], index) => [host, index]));
  return {
    schema: SCHEMA,
    hosts: hosts.map(([host, { value, at, until }]) => [
      host,
      down(at),
      down(until),
      value.kind === 'addresses' ? value.addresses : value.why,
    ]),
    zones: zones.map(([apex, { value, at, until }]) => [
      apex,
      down(at),
      down(until),
      value.servers.map((server) => place.get(server) ?? server),
      value.parentAsked,
      value.soaPrimary ?? null,
      [...value.glue],
    ]),
    cuts: cuts.map(([cut, { value, at, until }]) => [cut, down(at), down(until), value]),
  };
}

/**
 * The entries out of what {@link packCache} made; undefined if the value is damaged or not ours. Times are pulled into bounds: nothing holds
 * longer than a day from `now` (ms).
 */
export function unpackCache(value: unknown, now: number): CacheEntries | undefined {
  const parsed = stored.safeParse(value);
  if (!parsed.success) return undefined;
  const { hosts, zones, cuts } = parsed.data;
  const dated = <T>(at: number, until: number, of: T): Dated<T> => ({
    value: of,
    at: at * 1000,
    until: Math.min(until * 1000, now + LONGEST_MS),
  });
  return {
    hosts: hosts.map(([host, at, until, found]) => [host, dated(at, until, asHost(found))]),
    zones: zones.map(([apex, at, until, servers, parentAsked, primary, glue]) => {
      const names = servers
        .map((server) => (typeof server === 'number' ? hosts[server]?.[0] : server))
        .filter((n): n is DnsName => n !== undefined);
      const zone: KnownZone = {
        apex,
        servers: names,
        parentAsked,
        glue: glue.length > 0 ? new Map(glue) : NO_GLUE,
        ...(primary === null ? {} : { soaPrimary: primary }),
      };
      return [apex, dated(at, until, zone)];
    }),
    cuts: cuts.map(([cut, at, until, apex]) => [cut, dated(at, until, apex)]),
  };
}

function asHost(found: readonly string[] | z.infer<typeof why>): KnownHost {
  return typeof found === 'string' ? { kind: 'none', why: found } : { kind: 'addresses', addresses: found };
}

function down(ms: number): number {
  return Math.floor(ms / 1000);
}
