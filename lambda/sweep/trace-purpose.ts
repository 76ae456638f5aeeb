// Why a question was asked and in which phase, told from the question itself and from how far the look had got.
import type { Purpose } from '../diagnosis/trace-words.ts';
import type { Lookup } from '../model/lookup.ts';
import type { TracePhase } from '../model/trace.ts';

/** Where the look has got to: its first, quick step, the full panel, or the second round after the pause. */
export type Stage = 'quick' | 'panel' | 'again';

/** How the story asked; what it did not ask itself, the DNS room did, to find servers. */
export type AskedBy = 'server' | 'resolvers' | 'unchecked';

/** What is known of the look as a whole. */
export interface Known {
  /** Names of the expected records. */
  readonly records: ReadonlySet<string>;
  /** Apexes of the zones met, and addresses of their servers. */
  readonly apexes: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** Labels made by chance. */
  readonly labels: readonly string[];
  /** Names that an MX was asked for: what else is asked there is about mail, too. */
  readonly mailNames: ReadonlySet<string>;
}

/** A label made by chance is cut where the name would be too long; what is left of it is still nobody's name. */
const MIN_LABEL = 9;
/** Always there: what is asked about it is about the resolver. */
const CONTROL_NAME = 'amazonses.com';
/** Always signed: what is asked about it is whether the resolver checks DNSSEC as it should. */
const SIGNED_NAME = 'com';
/** Purposes of the questions that every server gets. */
const OF_ALL: ReadonlySet<Purpose> = new Set<Purpose>(['version', 'txt', 'cname']);

/** What the question was to find out. `by` is undefined for what the DNS room asked by itself. */
export function purposeOf({ question, server }: Lookup, by: AskedBy | undefined, stage: Stage, known: Known): Purpose {
  const { name, type } = question;
  if (by === undefined) {
    if (type === 'A') return 'address';
    if (type === 'AAAA') return 'address-ipv6';
    if (name === CONTROL_NAME) return 'control';
    if (name === SIGNED_NAME && type === 'SOA') return 'signed';
    if (server.role === 'parent') return 'above';
    return known.apexes.has(name) ? 'zone-servers' : 'zone';
  }
  if (by === 'unchecked') return 'unchecked';
  if (type === 'SOA') return 'version';
  if (known.mailNames.has(name)) return 'mail-from';
  if (name.startsWith('_dmarc.')) return 'policy';
  if (known.labels.some((label) => name.startsWith(label.slice(0, MIN_LABEL)))) return 'wildcard';
  if (type === 'A') return 'address-instead';
  if (known.records.has(name)) {
    if (by === 'resolvers') return 'resolvers';
    if (!known.addresses.has(server.address)) return 'other-server';
    if (stage === 'quick') return 'first-look';
    return type === 'CNAME' ? 'cname' : 'txt';
  }
  if ([...known.records].some((record) => name.startsWith(`${record}.`))) return 'doubled';
  const tokens = new Set([...known.records].map((record) => record.split('.')[0]));
  return name.split('.').some((label) => tokens.has(label)) ? 'elsewhere' : 'other';
}

/** The phase of a question that was asked at this stage. */
export function phaseOf(stage: Stage, by: AskedBy | undefined, purpose: Purpose): TracePhase {
  switch (stage) {
    case 'again':
      return 'second-round';
    case 'quick':
      return by === undefined ? 'servers' : 'first-look';
    case 'panel':
      if (by === undefined) return 'servers-anew';
      return OF_ALL.has(purpose) ? 'all-servers' : 'probes';
  }
}
