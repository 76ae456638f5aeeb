// The control panel of the sandbox's DNS, as tests and scenarios see it.
import type { ServerRule, Transport } from './behaviour.ts';
import type { RecordsAt, ZoneQuirks, ZoneWorld } from './dns-world.ts';
import type { RecordType, RecordValue } from './records.ts';

/** One question that came over the network. */
export interface LoggedQuery {
  /** ISO 8601 UTC, by the sandbox's clock. */
  readonly at: string;
  /** Address of the name server, `resolver` or `resolver-2`. */
  readonly server: string;
  /** As asked, case kept. */
  readonly name: string;
  readonly type: string;
  readonly transport: Transport;
  readonly edns: boolean;
}

export interface Where {
  readonly address: string;
  readonly port: number;
}

/** Limits an edit to some servers of the zone: they get a copy of their own, which later edits for all leave alone. */
export interface EditOptions {
  readonly servers?: readonly string[];
}

/** Control of the DNS. Names in edits are relative to the zone (`@` is the zone itself); each edit moves the serial on. Servers are named by address, name, or `zone:<apex>`. */
export interface SandboxDns {
  setRecord(zone: string, name: string, type: RecordType, values: RecordValue | readonly RecordValue[], options?: EditOptions): void;
  /** Puts several types at once. */
  setRecords(zone: string, name: string, records: RecordsAt, options?: EditOptions): void;
  /** Without a type: everything at the name. */
  removeRecord(zone: string, name: string, type?: RecordType, options?: EditOptions): void;
  /** What the zone holds at a name, as values for {@link setRecord}. */
  records(zone: string, name: string): RecordsAt;
  setSerial(zone: string, serial: number, options?: EditOptions): void;
  /** Some servers go on serving what they have now, whatever is edited later. Undo with `thaw`. */
  freeze(zone: string, servers: readonly string[]): void;
  thaw(zone: string): void;
  addZones(zones: Readonly<Record<string, ZoneWorld>>): Promise<void>;
  moveZone(zone: string, ns: readonly string[], options?: { readonly old?: 'forgets' | 'keeps' }): Promise<void>;
  /** The parent no longer knows the zone (NXDOMAIN), or knows it again. */
  dropDomain(zone: string): void;
  registerDomain(zone: string): void;
  /** Makes servers misbehave; the result makes them behave again. */
  behave(rule: ServerRule): () => void;
  behaveWell(): void;
  /** What the zone's servers, or some of them, do with CNAMEs from now on. */
  setQuirks(zone: string, quirks: ZoneQuirks, options?: EditOptions): void;
  /**
   * Breaks the zone's DNSSEC, or mends it: its servers go on telling the truth, and resolvers answer SERVFAIL for whatever lies in the
   * zone or passes through it, unless the question disables checking (CD). `resolvers`: only these notice, the others do not validate.
   */
  setBogus(zone: string, bogus: boolean, options?: { readonly resolvers?: readonly ('resolver' | 'resolver-2')[] }): void;
  /** What the resolver checks signatures by: with a `broken` trust anchor it believes nobody (SERVFAIL, unless CD), with `none` it checks nothing. `resolver` is both. */
  setTrustAnchor(resolver: 'resolver' | 'resolver-2', anchor: 'good' | 'broken' | 'none'): void;
  /** Closes a server's port, so that it refuses, or opens it again. */
  setOpen(server: string, open: boolean, transport?: Transport): Promise<void>;
  /** The zone as a master file (RFC 1035 §5), to be loaded into another server. */
  zoneFile(zone: string): string;
  /** All zones, the root as ''. */
  zones(): readonly string[];
  hasZone(zone: string): boolean;
  /** Addresses of a zone's servers. */
  serversOf(zone: string): readonly string[];
  /** The last 200,000 questions. */
  readonly log: readonly LoggedQuery[];
  clearLog(): void;
  /** Questions since the start or the last clearing, by server address. */
  readonly counts: ReadonlyMap<string, number>;
}
