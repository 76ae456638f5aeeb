// Questions to the log that the person who is paged finds ready in the console, and again in docs/runbook.md.
import { CfnQueryDefinition, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { MONITOR_NAME } from './props.ts';

/** Name in the console → Logs Insights query. */
export const SAVED_QUERIES = {
  'what-went-wrong':
    "fields @timestamp, level, message, error.message, @message\n| filter level in ['ERROR', 'WARN'] or type = 'platform.report' and record.status != 'success'\n| sort @timestamp desc\n| limit 100",
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
