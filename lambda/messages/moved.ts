// Whether the identities of a group lost their records because their domains moved to another DNS host: by the facts of their findings.
import type { Alert, Cause } from '../model/alert.ts';
import type { Finding } from '../model/finding.ts';
import { listed } from './layout.ts';

/** How many of a group moved, and the name servers that they left and came to. */
interface Move {
  readonly moved: number;
  readonly of: number;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Name servers that are named of each side: a move to Route 53 gives every domain others. */
const MAX_SERVERS = 4;

/** Undefined if none of them is known to have moved. */
function moveOf({ affected }: Pick<Alert, 'affected'>): Move | undefined {
  const moves = affected.flatMap(({ findings }) => findings.flatMap(moveIn).slice(0, 1));
  if (moves.length === 0) return undefined;
  return {
    moved: moves.length,
    of: affected.length,
    from: [...new Set(moves.flatMap(({ from }) => from))],
    to: [...new Set(moves.flatMap(({ to }) => to))],
  };
}

// Where nobody watched the move, the server that SES last looked at tells of it.
function moveIn(finding: Finding): readonly Pick<Move, 'from' | 'to'>[] {
  if (finding.kind !== 'record-missing') return [];
  const { movedFrom, stillAt, nameServers } = finding.facts;
  const from = movedFrom ?? (stillAt === undefined ? [] : [stillAt]);
  return from.length === 0 || nameServers.length === 0 ? [] : [{ from, to: nameServers }];
}

/** That they moved, and where the records belong now; `says` is what is said of their common cause, which is where they all are by now. */
export function withMove(alert: Pick<Alert, 'affected'>, says: string): string {
  const move = moveOf(alert);
  if (move === undefined) return says;
  const { moved, of, from, to } = move;
  const [who, one] =
    moved < of ? [`${moved.toLocaleString('en-US')} of them`, moved === 1] : of === 1 ? ['It', true] : ['All of them', false];
  return (
    `${moved < of ? `${says} ` : ''}${who} moved from ${listed(from, MAX_SERVERS)} to ${listed(to, MAX_SERVERS)}, and ${one ? 'its' : 'their'} DKIM records did not move along. ` +
    'Publish the records at the new name servers, or copy them there from the old ones, if those still have them: only what the new ones say counts. ' +
    'Look for other records that were left behind as well: DKIM is seldom the only one.'
  ).trimStart();
}

/** Where all of them moved to, short enough for a subject; undefined if not all of them did. `name` is their common cause in words. */
export function moveName(alert: Pick<Alert, 'affected'>, by: Cause['by'], name: string): string | undefined {
  const move = moveOf(alert);
  if (move === undefined || move.moved < move.of) return undefined;
  switch (by) {
    case 'servers':
    case 'provider':
      return `moved to ${name}`;
    case 'zone':
      return `${name} moved`;
    case 'account':
    case 'several':
      return 'moved to other servers';
  }
}
