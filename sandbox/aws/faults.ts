// What goes wrong on purpose at the sandbox's AWS: injected errors, hanging calls, throttling.
import { type AwsError, awsError, type Call, type Protocol } from './call.ts';

export interface Fault {
  readonly account?: string;
  readonly region?: string;
  /** `ses`, `sns`, `sts` or `s3`. */
  readonly service?: string;
  readonly action?: string;
  /** SES identity or S3 key. */
  readonly identity?: string;
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  /** How many calls it hits; absent: all. */
  times?: number;
  /** True: the call is never answered. */
  readonly hang?: boolean;
}

/** The first fault that speaks of this call, counted down. */
export function faultFor(faults: readonly Fault[], call: Call): Fault | undefined {
  const fault = faults.find(
    (f) =>
      f.times !== 0 &&
      (f.account ?? call.account) === call.account &&
      (f.region ?? call.region) === call.region &&
      (f.service ?? call.service) === call.service &&
      (f.action ?? call.action) === call.action &&
      (f.identity ?? call.subject) === call.subject,
  );
  if (fault?.times !== undefined) fault.times -= 1;
  return fault;
}

/** A token bucket for each account and region, by the sandbox's clock. */
export class Throttle {
  perSecond: number | undefined;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** True if the call is one too many. `now` is milliseconds since the epoch. */
  refuses(key: string, now: number): boolean {
    if (this.perSecond === undefined) return false;
    const capacity = Math.max(1, this.perSecond);
    const before = this.#buckets.get(key) ?? { tokens: capacity, at: now };
    const tokens = Math.min(capacity, before.tokens + (Math.max(0, now - before.at) / 1000) * this.perSecond);
    // A hair less than a whole token counts: clocks round.
    const allowed = tokens >= 0.999;
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return !allowed;
  }
}

/** How SES says "too fast", in v2 and in v1. */
export function throttled(protocol: Protocol): AwsError {
  return protocol === 'json'
    ? awsError(429, 'TooManyRequestsException', 'Too many requests')
    : awsError(400, 'Throttling', 'Rate exceeded');
}
