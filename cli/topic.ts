// The ARN of an SNS topic as somebody typed it.
import { quoted } from '../lambda/model/names.ts';
import { UsageError } from './exit.ts';

/** Throws {@link UsageError} if it is none; `flag` is what it was given with. */
export function checkTopic(flag: string, arn: string): void {
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(arn)) return;
  const subscription = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}:[0-9a-f-]{36}$/.test(arn);
  throw new UsageError(
    `${flag} takes the ARN of an SNS topic such as arn:aws:sns:us-east-1:111111111111:alerts, not ${quoted(arn, 150)}.${subscription ? ' That is a subscription: leave out its last part.' : ''}`,
  );
}
