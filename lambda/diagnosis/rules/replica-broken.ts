// SES could not copy the keys of a replica's parent (Deterministic Easy DKIM).
import { mindedDeadlines } from '../deadlines.ts';
import { finding, type Rule } from '../rule.ts';
import { isOffAir } from './nameserver-broken.ts';

/** By SES's own word; what is wrong with the records that parent and replica share, or that nobody serves them, is told as that. */
export const replicaBroken: Rule = (evidence, _reading, found) => {
  const { identity } = evidence;
  const { method, ses, parentRegion } = identity;
  const { errorType } = ses;
  if (method !== 'deed' || errorType?.startsWith('REPLICATION_') !== true || isOffAir(found)) return [];
  const facts = { errorType, ...(parentRegion === undefined ? {} : { parentRegion }) };
  return [finding('replica-broken', 'warning', facts, { deadlines: mindedDeadlines(evidence) })];
};
