// What AWS charges in us-east-1, in USD, and what every account has free for good.

/** When the prices were copied together. AWS changes them without notice: the pages named here are the word. */
export const PRICES_OF = 'May 2026';

interface Price {
  readonly usd: number;
  readonly unit: string;
  /** Free in each month, for good and for the whole account, in the same unit; 0 if nothing is. */
  readonly free: number;
  readonly source: string;
}

export const PRICES = {
  lambdaGbSeconds: { usd: 0.0000133334, unit: 'GB-second (arm64)', free: 400_000, source: 'aws.amazon.com/lambda/pricing' },
  lambdaRequests: { usd: 0.2 / 1e6, unit: 'invocation', free: 1_000_000, source: 'aws.amazon.com/lambda/pricing' },
  s3Writes: { usd: 0.005 / 1000, unit: 'PUT', free: 0, source: 'aws.amazon.com/s3/pricing' },
  s3Reads: { usd: 0.0004 / 1000, unit: 'GET', free: 0, source: 'aws.amazon.com/s3/pricing' },
  s3Storage: { usd: 0.023, unit: 'GB-month', free: 0, source: 'aws.amazon.com/s3/pricing' },
  logs: { usd: 0.5, unit: 'GB of log', free: 5, source: 'aws.amazon.com/cloudwatch/pricing' },
  logStorage: { usd: 0.03, unit: 'GB-month of log', free: 5, source: 'aws.amazon.com/cloudwatch/pricing' },
  metrics: { usd: 0.3, unit: 'custom metric sent in every hour', free: 10, source: 'aws.amazon.com/cloudwatch/pricing' },
  alarms: { usd: 0.1, unit: 'alarm', free: 10, source: 'aws.amazon.com/cloudwatch/pricing' },
  dashboards: { usd: 3, unit: 'dashboard', free: 3, source: 'aws.amazon.com/cloudwatch/pricing' },
  queueRequests: { usd: 0.4 / 1e6, unit: 'SQS request', free: 1_000_000, source: 'aws.amazon.com/sqs/pricing' },
  emails: { usd: 2 / 100_000, unit: 'e-mail of SNS', free: 1000, source: 'aws.amazon.com/sns/pricing' },
  transitions: { usd: 0.025 / 1000, unit: 'state transition', free: 4000, source: 'aws.amazon.com/step-functions/pricing' },
  trafficOut: { usd: 0.09, unit: 'GB to the internet', free: 100, source: 'aws.amazon.com/ec2/pricing/on-demand' },
} as const satisfies Readonly<Record<string, Price>>;

export type Item = keyof typeof PRICES;
