// Which DNS zone holds the Easy DKIM keys of each SES region, and which regions SES has: the fallback for when SES does not say.
import { type DnsName, dnsName, parseRegion, type Region } from '../model/names.ts';

export type Partition = 'aws' | 'aws-us-gov' | 'aws-eusc';

const regions = (codes: string): readonly Region[] =>
  codes.split(' ').map((code) => {
    const parsed = parseRegion(code);
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value;
  });

/** The regions of SES by partition (AWS General Reference, "Amazon SES endpoints and quotas"). There is none in China. */
export const REGIONS_BY_PARTITION: Readonly<Record<Partition, readonly Region[]>> = {
  aws: regions(
    'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 ' +
      'eu-central-2 eu-north-1 eu-south-1 il-central-1 me-south-1 me-central-1 af-south-1 ap-south-1 ap-south-2 ' +
      'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5',
  ),
  'aws-us-gov': regions('us-gov-east-1 us-gov-west-1'),
  'aws-eusc': regions('eusc-de-east-1'),
};

/** Every SES region, of every partition. */
export const SES_REGIONS: readonly Region[] = Object.values(REGIONS_BY_PARTITION).flat();

/** True for a region that this version knows SES to be in. */
export function isKnownRegion(region: string): boolean {
  return SES_REGIONS.some((known) => known === region);
}

/**
 * A remark on a region that this version knows no SES in, with what was probably meant, in a few sentences; undefined for one that it knows.
 * It is no mistake: AWS adds regions.
 */
export function regionRemark(region: string): string | undefined {
  if (isKnownRegion(region)) return undefined;
  const meant = nearestRegion(region);
  return `This version knows no Amazon SES in ${region}.${meant === undefined ? '' : ` Did you mean ${meant}?`} If AWS has added it since, all is well.`;
}

/** The one region of SES that has the same letters, or differs by one, or has the same beginning and number. */
export function nearestRegion(region: string): Region | undefined {
  const letters = (text: string): string => [...text.replace(/[^a-z0-9]/g, '')].sort().join('');
  const [first, last] = [region.split('-')[0], region.split('-').at(-1)];
  const likenesses: readonly ((known: string) => boolean)[] = [
    (known) => letters(known) === letters(region),
    (known) => isOneSlip(known, region),
    (known) => known.startsWith(`${first}-`) && known.endsWith(`-${last}`),
  ];
  return likenesses.map((alike) => SES_REGIONS.filter(alike)).find(({ length }) => length === 1)?.[0];
}

/** True if one letter is missing, too much, or another. */
function isOneSlip(a: string, b: string): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

/** The zone that most regions share. */
const SHARED_ZONE = dnsName('dkim.amazonses.com');

/** Regions whose keys live in a zone of their own, `dkim.<region>.amazonses.com`. */
const OWN_ZONE: ReadonlySet<string> = new Set(
  regions(
    'af-south-1 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-5 ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1 us-gov-east-1',
  ),
);

/** Nobody has seen the zone of the sovereign cloud: only SES itself can say it. */
const UNKNOWN_ZONE: ReadonlySet<string> = new Set(REGIONS_BY_PARTITION['aws-eusc']);

/**
 * The zone of a region's Easy DKIM keys, from the table above. Undefined for a region that is not in it: guessing would
 * show a user a wrong record. SES's own `SigningHostedZone` comes first where it is given.
 */
export function regionZone(region: string): DnsName | undefined {
  if (UNKNOWN_ZONE.has(region) || !isKnownRegion(region)) return undefined;
  return OWN_ZONE.has(region) ? dnsName(`dkim.${region}.amazonses.com`) : SHARED_ZONE;
}

/** The regions whose keys live in this zone, by the table; empty for a zone that is not in it. */
export function regionsOfZone(zone: string): readonly Region[] {
  return SES_REGIONS.filter((region) => regionZone(region) === zone);
}

/** True for a zone in which SES keeps DKIM keys, also one of a region that this version does not know yet. */
export function isSesDkimZone(zone: string): boolean {
  const labels = zone.split('.');
  return zone.endsWith('.amazonses.com') && labels.slice(0, -2).includes('dkim');
}

/** The partition of a region, by the prefix of its code: each needs a deployment of its own. */
export function partitionOf(region: string): string {
  const prefix = ['us-gov', 'eusc', 'cn'].find((one) => region.startsWith(`${one}-`));
  return prefix === undefined ? 'aws' : `aws-${prefix}`;
}

/**
 * Why SES in `region` can never be read, in one sentence; undefined if nothing speaks against it. A region that is merely not in
 * {@link SES_REGIONS} is no problem: AWS adds regions. `home` is the region the monitor runs in: credentials end at the border of its
 * partition (AWS General Reference, "ARN partitions").
 */
export function regionProblem(region: Region, home?: Region): string | undefined {
  if (partitionOf(region) === 'aws-cn') return `There is no Amazon SES in ${region}, nor in any other region of China.`;
  if (home === undefined || partitionOf(region) === partitionOf(home)) return undefined;
  return `${region} is in the partition ${partitionOf(region)} and cannot be read from ${home}, which is in ${partitionOf(home)}: it needs a deployment of its own.`;
}
