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
  'why-did-it-not-alert': `# Put the identity in the place of example.com; where its lines name an alert of another name, ask again with that.
filter message in ["identity-state", "decision", "open-alert"] and (identity like "example.com" or alert like "example.com")
| fields @timestamp, message, identity, was, diagnosis, why, alert, tell, event, reason
| sort @timestamp desc
| limit 200`,
  'what-changed': `# Choose a day as the time range.
filter (message = "identity-state" and ispresent(was)) or (message = "decision" and ispresent(event))
| fields @timestamp, account, region, identity, was, diagnosis, why, alert, event, reason
| sort @timestamp desc
| limit 500`,
  'which-name-servers-fail': `filter message = "server-failing"
| stats sum(failures) as failed, sum(questions) as asked, count(*) as sweeps, latest(how) as lastHow, latest(example) as lastExample, max(@timestamp) as last by server, role
| sort failed desc
| limit 50`,
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
