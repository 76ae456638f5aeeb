// ListRegions of the AWS Account Management API: which regions the caller's account has switched on.
import { type Answer, awsError, type Call } from './call.ts';
import type { Estate } from './estate.ts';

/** A choice of AWS's regions is enough: those that every account has, and some that one must opt in to. */
const BY_DEFAULT =
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-north-1 ap-south-1 ' +
  'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2';
const OPT_IN =
  'ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-south-1 me-central-1 af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-5';

interface Request {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** ListRegions, `POST /listRegions`. */
export function listRegions(estate: Estate, call: Call): Answer {
  const { MaxResults = 20, NextToken } = JSON.parse(call.body.toString() || '{}') as Request;
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50)
    return awsError(400, 'ValidationException', 'Value at maxResults failed to satisfy constraint');
  const all = [
    ...BY_DEFAULT.split(' ').map((name) => ({ RegionName: name, RegionOptStatus: 'ENABLED_BY_DEFAULT' })),
    ...OPT_IN.split(' ').map((name) => ({ RegionName: name, RegionOptStatus: statusOf(estate, call.account, name) })),
  ];
  const start = NextToken === undefined ? 0 : Number(NextToken);
  const next = start + MaxResults < all.length ? { NextToken: String(start + MaxResults) } : {};
  return { kind: 'json', value: { Regions: all.slice(start, start + MaxResults), ...next } };
}

const statusOf = (estate: Estate, account: string, region: string): string =>
  estate.optIn.get(`${account}/${region}`) ?? (estate.regionsOff.has(`${account}/${region}`) ? 'DISABLED' : 'ENABLED');
