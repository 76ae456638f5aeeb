// SES could not copy the keys of a replica's parent (Deterministic Easy DKIM).
import { finding, type Rule } from '../rule.ts';
import { isOffAir } from './nameserver-broken.ts';

/** By SES's own word; what is wrong with the records that parent and replica share, or that nobody serves them, is told as that. */
export const replicaBroken: Rule = ({ identity }, _reading, found) => {
  const { method, ses, parentRegion } = identity;
  const { errorType } = ses;
  if (method !== 'deed' || errorType?.startsWith('REPLICATION_') !== true || isOffAir(found)) return [];
  return [finding('replica-broken', 'warning', { errorType, ...(parentRegion === undefined ? {} : { parentRegion }) })];
};
