// SES's view of the zone's primary name server beside ours: where they differ, SES looked at another DNS host.
import type { Evidence } from '../model/evidence.ts';
import type { Reading } from './reading.ts';

/** Both as they were given: hostile text, made visible where it is shown. */
export function primaries({ identity }: Evidence, { ourPrimary }: Reading): { readonly sesPrimary?: string; readonly ourPrimary?: string } {
  const sesPrimary = identity.ses.soa?.primaryNameServer;
  return { ...(sesPrimary === undefined ? {} : { sesPrimary }), ...(ourPrimary === undefined ? {} : { ourPrimary }) };
}
