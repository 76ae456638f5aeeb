// Reads the names of changed records from CloudTrail's account of a call to Route 53. Pure.
import type { ChangedName } from '../model/focus.ts';
import { parseDnsName } from '../model/names.ts';
import { type Fields, fieldsOf, listOf, textOf } from './fields.ts';

/** Route 53 takes at most 1,000 changes in one call. Source: Amazon Route 53 quotas, ChangeResourceRecordSets. */
const MOST_CHANGES = 1000;

/** Types that DKIM, MAIL FROM and DMARC depend on. */
const OWN_TYPES = new Set(['CNAME', 'TXT', 'MX']);
/** Types that decide who answers for everything below. */
const DELEGATING = new Set(['NS', 'DS']);

/**
 * The names in `requestParameters.changeBatch.changes[].resourceRecordSet` whose change can matter, each once. Route 53 writes unusual characters in octal
 * (`\052` is a wildcard's `*`). Source: Route 53 Developer Guide, "DNS domain name format" and "Logging Amazon Route 53 API calls with AWS CloudTrail".
 */
export function changedNames(detail: Fields): readonly ChangedName[] {
  const { changes } = fieldsOf(fieldsOf(detail.requestParameters).changeBatch);
  const found = new Map<string, ChangedName>();
  for (const change of listOf(changes, MOST_CHANGES)) {
    const set = fieldsOf(fieldsOf(change).resourceRecordSet);
    const type = textOf(set.type);
    if (!OWN_TYPES.has(type) && !DELEGATING.has(type)) continue;
    const text = textOf(set.name);
    const bare = text.replace(/^(\*|\\052)\./, '');
    const name = parseDnsName(bare);
    if (!name.ok) continue;
    const below = DELEGATING.has(type) || bare !== text;
    if (found.get(name.value)?.below !== true) found.set(name.value, { name: name.value, below });
  }
  return [...found.values()];
}
