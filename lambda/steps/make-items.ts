// Cuts an estate into the pieces of one run, and divides the politeness of one process among those that ask at the same time. Pure.
import { type Target, targetKey } from '../model/identity.ts';
import type { Item, Pace } from './run.ts';
import { type Company, companyOf, type Sizes } from './sizes.ts';

export interface Cut extends Company {
  /** More identities than these are looked at in parts of about so many. */
  readonly partIdentities: number;
  /** A piece of small targets ends with so many identities. */
  readonly pieceIdentities: number;
  /** Pieces worked on at the same time, and parts of one large target. */
  readonly itemsAtOnce: number;
  readonly partsAtOnce: number;
}

/** What one process may send in a second (lambda/dns/open-dns.ts), which all that ask at once must share. */
const PER_SERVER = 50;
const RESOLVERS = 400;

/**
 * The pieces, in the order of the targets. `sizes` counts identities by `account/region`, as they were counted last: targets that nobody has counted yet
 * are in pieces of few, and one that turns out to be large there is only listed. `failed`: whose last piece came to no end is in one of few, or, if it was
 * never counted, alone. `sharedResolvers`: the resolvers are servers of somebody else's, not those of the place where each step runs.
 */
export function makeItems(
  targets: readonly Target[],
  sizes: ReadonlyMap<string, number>,
  cut: Cut,
  sharedResolvers: boolean,
  failed: ReadonlySet<string> = new Set(),
): readonly Item[] {
  const pieces = piecesOf(targets, { identities: sizes, failed }, cut);
  const pace = paceOf(askersOf(pieces, cut), sharedResolvers);
  return pieces.map(
    (piece, n): Item =>
      piece.parts > 1 && piece.targets[0] !== undefined
        ? { n, kind: 'large', target: piece.targets[0], parts: Array.from({ length: piece.parts }, (_, i) => i), pace }
        : { n, kind: 'targets', targets: piece.targets, pace },
  );
}

interface Piece {
  readonly targets: Target[];
  readonly parts: number;
}

function piecesOf(targets: readonly Target[], sizes: Sizes, cut: Cut): readonly Piece[] {
  const pieces: Piece[] = [];
  let open: Piece | undefined;
  let held = 0;
  let most = 0;
  for (const target of targets) {
    const size = sizes.identities.get(targetKey(target)) ?? 0;
    if (size > cut.partIdentities) {
      pieces.push({ targets: [target], parts: Math.ceil(size / cut.partIdentities) });
      open = undefined;
      continue;
    }
    const company = companyOf(target, sizes, cut);
    if (open === undefined || open.targets.length >= Math.min(most, company) || held + size > cut.pieceIdentities) {
      open = { targets: [], parts: 1 };
      held = 0;
      most = company;
      pieces.push(open);
    }
    open.targets.push(target);
    held += size;
    most = Math.min(most, company);
  }
  return pieces;
}

/** The most steps that can be asking at one moment: the widest pieces, as many as may run. */
function askersOf(pieces: readonly Piece[], { itemsAtOnce, partsAtOnce }: Cut): number {
  const widths = pieces.map(({ parts }) => Math.min(parts, partsAtOnce)).sort((a, b) => b - a);
  return widths.slice(0, itemsAtOnce).reduce((sum, width) => sum + width, 0);
}

/** All identities may lie with one DNS host: together the steps must not ask one of its servers faster than one process would. */
function paceOf(askers: number, sharedResolvers: boolean): Pace {
  const among = Math.max(1, askers);
  return {
    askers: among,
    perServerPerSecond: PER_SERVER / among,
    ...(sharedResolvers ? { resolverPerSecond: RESOLVERS / among } : {}),
  };
}
