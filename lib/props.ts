// What the stack is made from: the checked configuration, its text for the function, and where it is deployed to.
import type { StackProps } from 'aws-cdk-lib';
import type { Configuration } from '../lambda/configuration.ts';

/** Name of the CloudFormation stack, the function and the saved queries. */
export const MONITOR_NAME = 'ses-dkim-monitor';

/** Something that stops no deployment but should be read. The id stays the same, so that a remark can be acknowledged. */
export interface Remark {
  readonly id: string;
  readonly text: string;
}

export interface MonitorProps extends StackProps {
  readonly configuration: Configuration;
  /** The file's own text: it travels beside the bundle and is read again there, by the same parser. */
  readonly configurationText: string;
  /** Shown at synth and at deploy, as warnings. */
  readonly remarks: readonly Remark[];
}
