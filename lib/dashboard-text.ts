// The one text on the dashboard: where to go and what to type.
import { consoleAddress } from './console-address.ts';
import { MONITOR_NAME } from './props.ts';

/** Markdown, as CloudWatch's text widgets show it. */
export function dashboardText(region: string, bucketName: string): string {
  const console = consoleAddress(region);
  return [
    `[Saved queries](${console}/cloudwatch/home?region=${region}#logsV2:logs-insights) (folder \`${MONITOR_NAME}\`) · [function](${console}/lambda/home?region=${region}#/functions/${MONITOR_NAME}) · [memory and reports](${console}/s3/buckets/${bucketName}?region=${region})`,
    '**An alarm is on:** its name is a heading of `docs/runbook.md`.',
    '**An alert is open:** its mail says what to publish; `npx dkim-monitor explain KIND` says what a kind means.',
    `**The last report:** \`aws s3 cp s3://${bucketName}/reports/latest.json.gz - | gunzip\``,
    `**Sweep now:** \`aws lambda invoke --function-name ${MONITOR_NAME} --cli-read-timeout 910 /dev/stdout\``,
    '**One domain, question by question:** `npx dkim-monitor check DOMAIN --region REGION --explain`',
  ].join('\n\n');
}
