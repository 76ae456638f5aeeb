// The estates of the estate bench: which accounts and regions, how many identities, and who has which.
import { easyIdentity, tokensFor } from '../../sandbox/aws/identities.ts';
import { domainOf, REGION } from '../dns-estate.ts';

export interface BenchEstate {
  readonly accounts: number;
  readonly regions: readonly string[];
  readonly identities: number;
  /** One target in so many holds identities; the first of them holds `largest`, the rest is shared evenly. */
  readonly oneIn: number;
  readonly largest?: number;
}

/** Regions whose keys lie in the common zone, so that one set of DNS zones serves every estate. */
const REGIONS = [
  'eu-west-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-north-1',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'me-south-1',
];

export const regions = (count: number): readonly string[] => REGIONS.slice(0, count);

/** The account that the monitor itself runs in; its identities are read with its own keys. */
export const HUB = '100000000000';

/** The bucket of the memory, and the role in every other account. */
export const BUCKET = 'memory';
export const ROLE = 'ses-dkim-monitor-read';

const accountOf = (n: number): string => String(100_000_000_000 + n);

/** Every target, the hub's first. */
export function targetsOf({ accounts, regions: all }: BenchEstate): readonly { readonly account: string; readonly region: string }[] {
  return Array.from({ length: accounts }, (_, n) => accountOf(n)).flatMap((account) => all.map((region) => ({ account, region })));
}

/** How many identities each target holds, in the order of {@link targetsOf}. */
export function sizesOf(estate: BenchEstate): readonly number[] {
  const targets = estate.accounts * estate.regions.length;
  const holders = Math.ceil(targets / estate.oneIn);
  const largest = Math.min(estate.identities, estate.largest ?? Math.ceil(estate.identities / holders));
  const rest = estate.identities - largest;
  const shareOf = (holder: number): number =>
    holder === 0 ? largest : Math.floor((rest * holder) / (holders - 1)) - Math.floor((rest * (holder - 1)) / (holders - 1));
  return Array.from({ length: targets }, (_, n) => (n % estate.oneIn === 0 ? shareOf(n / estate.oneIn) : 0));
}

/** Identity number `n` of the estate: a healthy Easy DKIM domain. Its tokens do not depend on the region, so that its zone does not either. */
export function identityNumber(n: number, region: string): ReturnType<typeof easyIdentity> {
  return easyIdentity(domainOf(n), { region, tokens: tokensFor(domainOf(n), REGION) });
}

/** SES calls that a refresh cannot do without: a page of the listing for each thousand (one for none), a v1 batch for each hundred. */
export function fewestCalls(estate: BenchEstate): number {
  return sizesOf(estate).reduce((sum, size) => sum + Math.max(1, Math.ceil(size / 1000)) + Math.ceil(size / 100), 0);
}
