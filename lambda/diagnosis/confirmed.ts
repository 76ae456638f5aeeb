// Whether what looks wrong in DNS may be said.
import type { DnsEvidence } from '../model/evidence.ts';

/** True after a full panel whose doubts were asked about twice, now or in an earlier sweep of the same trouble. One look at one server is never enough. */
export const isConfirmed = ({ level, confirmed }: DnsEvidence): boolean => level === 'panel' && confirmed;
