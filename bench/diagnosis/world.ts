// Many estates in one sandbox world: an account of their own for each, and one home account that the monitor runs in.
import type { AccountWorld, SesIdentity } from '../../sandbox/aws/aws-world.ts';
import type { RecordsAt, ZoneWorld } from '../../sandbox/dns/dns-world.ts';
import type { World } from '../../sandbox/world.ts';
import { type Estate, sesIdentity } from './estate.ts';

export const HOME = '111111111111';
export const ROLE = 'ses-dkim-monitor-read';
export const EXTERNAL_ID = 'diagnosis-bench';
export const HOME_REGION = 'eu-west-1';
export const TOPIC = 'alerts';

/** The estates as they are before anything happens. Take it before faults are foretold. */
export function worldOf(estates: readonly Estate[]): World {
  const zones: Record<string, ZoneWorld> = {};
  const nameServers: Record<string, readonly string[]> = {};
  const aws: Record<string, AccountWorld> = {
    [HOME]: {
      topics: [{ name: TOPIC, region: HOME_REGION, subscriptions: [{ protocol: 'email', endpoint: 'dns@example.com', confirmed: true }] }],
    },
  };
  for (const estate of estates) {
    for (const { apex, servers, ttl, negativeTtl, content, quirks, addresses, delegatedTo } of estate.zones) {
      const records: Record<string, RecordsAt> = Object.fromEntries([...content].map(([at, set]) => [at, { ...set }]));
      zones[apex] = { ns: servers, ttl, negativeTtl, records, quirks, ...(delegatedTo && { delegatedTo }) };
      Object.assign(nameServers, addresses);
    }
    for (const account of estate.accounts) {
      const identities: Record<string, SesIdentity[]> = {};
      for (const member of estate.members.filter((one) => one.account === account)) {
        const here = identities[member.region] ?? [];
        here.push(sesIdentity(member, member.first));
        identities[member.region] = here;
      }
      aws[account] = { identities, roles: [{ name: ROLE, trusts: HOME, externalId: EXTERNAL_ID }] };
    }
  }
  return { aws, dns: { zones, nameServers } };
}

/** Every account and region that the estates have identities in. */
export function targetsOf(estates: readonly Estate[]): readonly { readonly account: string; readonly region: string }[] {
  const keys = new Set(estates.flatMap(({ members }) => members.map(({ account, region }) => `${account}/${region}`)));
  return [...keys].map((key) => {
    const [account = '', region = ''] = key.split('/');
    return { account, region };
  });
}
