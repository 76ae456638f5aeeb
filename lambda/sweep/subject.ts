// Who a finding about whole targets is about.
import type { Subject } from '../model/alert.ts';
import type { Target } from '../model/identity.ts';

/** For findings about whole targets: there is no identity, and nothing was read. */
export function targetSubject(targets: readonly Target[], at: string): Subject {
  const [first] = targets;
  return {
    account: first?.account ?? '',
    region: first?.region ?? '',
    identity: '',
    type: 'domain',
    method: 'none',
    status: 'UNKNOWN',
    readAt: at,
  };
}
