// Finds the account and region of the standard AWS settings, or says in one sentence what is missing.
import type { Configuration } from '../lambda/configuration.ts';
import type { Home } from '../lambda/sweep/plan-targets.ts';
import { findHome as find } from '../lambda/wiring.ts';
import { BlindError, UsageError } from './exit.ts';

/** The home of this run. Throws {@link UsageError} without a region, {@link BlindError} without usable credentials or where AWS cannot be reached. */
export async function findHome(configuration: Configuration): Promise<Home> {
  const [first] = configuration.regions === 'all' ? [] : configuration.regions;
  const found = await find(first);
  if (found.kind === 'found') return found.home;
  if (found.kind === 'no-region')
    throw new UsageError('Which region? Give --region, or "regions" in the configuration, or set AWS_REGION.');
  if (found.kind === 'unreachable')
    throw new BlindError(`AWS could not be reached (${found.reason}). Check the network, the proxy and AWS_ENDPOINT_URL.`);
  throw new BlindError(
    `${found.detail}\nCheck the AWS credentials: set AWS_PROFILE, or run "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
  );
}
