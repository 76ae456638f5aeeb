// Questions to the log that the person who is paged finds ready in the console, and again in docs/runbook.md.
import { CfnQueryDefinition, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { MONITOR_NAME } from './props.ts';

/** Text of each query by its name; in the console they stand in a folder `ses-dkim-monitor`. */
export const SAVED_QUERIES = {
  'what-went-wrong': `fields @timestamp, @message
| filter level in ["ERROR", "WARN"] or record.status in ["error", "failure", "timeout"]
| sort @timestamp desc
| limit 100`,
  'what-was-not-seen': `filter message = "target-swept" and (ispresent(gap) or unknown > 0)
| stats count(*) as sweeps, latest(detail) as lastDetail, latest(unknown) as lastUnknown, latest(identities) as lastIdentities, min(@timestamp) as first, max(@timestamp) as last by account, region, gap
| sort sweeps desc`,
  'why-told-or-quiet': `filter message = "decision"
| fields @timestamp, alert, tell, event, reason
| sort @timestamp desc
| limit 200`,
} as const;

/** Saves each query beside the function's log group. */
export function savedQueries(scope: Construct, logGroup: LogGroup): void {
  for (const [name, queryString] of Object.entries(SAVED_QUERIES))
    new CfnQueryDefinition(scope, `Query-${name}`, {
      name: `${MONITOR_NAME}/${name}`,
      queryString,
      logGroupNames: [logGroup.logGroupName],
    });
}
