// Puts the world's rooms behind the doctor's ports.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { httpsHeartbeat } from './channel/heartbeat.ts';
import { lookAtBus, lookAtTopic } from './channel/looks.ts';
import type { Configuration } from './configuration.ts';
import { partitionOf } from './dkim/region-zones.ts';
import { openReach } from './dns/reach.ts';
import type { DoctorPlan } from './doctor/plan.ts';
import type { DoctorWorld } from './doctor/ports.ts';
import { readHomeAccount } from './inventory/home-account.ts';
import { openProbes } from './inventory/probes.ts';
import { probeBucket } from './memory/probe-bucket.ts';
import { type AccountId, parseAccountId } from './model/names.ts';
import { MEMBER_ROLE_NAME, SESSION_NAME } from './settings.ts';
import { LATEST_REPORT_KEY } from './sweep/blobs.ts';
import { openConfiguredDns, resolversOf, roleOf } from './wiring.ts';

export interface DoctorWiring {
  readonly configuration: Configuration;
  readonly plan: Pick<DoctorPlan, 'home' | 'bucket' | 'heartbeat'>;
  /** Where STS is asked if the environment names no region. */
  readonly region?: string | undefined;
  readonly progress?: DoctorWorld['progress'];
}

const TRY_MS = 1500;

/** `close` frees the sockets. */
export function openDoctor({ configuration, plan, region, progress }: DoctorWiring): DoctorWorld & { readonly close: () => void } {
  const { port, allowPrivateNameServers, routes, timeoutMs: ms = TRY_MS } = configuration.dns;
  const rules = { port, allowPrivateNameServers, ...(routes ? { routes } : {}) };
  const reach = openReach({ ...rules, resolvers: resolversOf(configuration), random: randomBytes, ms });
  const dns = openConfiguredDns(configuration);
  const probes = openProbes({
    accounts: configuration.accounts.map(({ id, roleName, externalId }) => ({
      id,
      roleName: roleName ?? MEMBER_ROLE_NAME,
      ...(externalId === undefined ? {} : { externalId }),
    })),
    ...(configuration.organization === undefined ? {} : { others: roleOf(configuration.organization) }),
    homeAccount: homeAccount(plan),
    partition: partitionOf(plan.home?.region ?? ''),
    sessionName: SESSION_NAME,
    ratePerSecond: configuration.ses.callsPerSecond,
    clock: Date.now,
    sleep: (pause) => wait(pause),
  });
  const { bucket, home } = plan;
  const { heartbeatUrl } = configuration.operations;
  return {
    clock: Date.now,
    identity: () => readHomeAccount(region),
    assume: (target) => probes.assume(target),
    lookAt: (target, until) => probes.lookAt(target, until),
    ...(bucket === undefined || home === undefined
      ? {}
      : { store: () => probeBucket({ client: new S3Client({}), bucket, expectedOwner: home.account, reportKey: LATEST_REPORT_KEY }) }),
    listening: (topicArn) => lookAtTopic(new SNSClient(regionSetting(topicArn)), topicArn),
    bus: (bus) => lookAtBus(new EventBridgeClient(regionSetting(bus)), bus),
    resolvers: reach.resolvers,
    async authorities(domain) {
      const delegation = await dns.delegation(domain);
      return delegation.kind === 'delegated' ? reach.authorities(delegation.servers, delegation.apex) : [];
    },
    ...(plan.heartbeat === 'configured' && heartbeatUrl !== undefined ? { heartbeat: httpsHeartbeat(heartbeatUrl) } : {}),
    ...(progress === undefined ? {} : { progress }),
    close: () => {
      dns.close();
      probes.close();
    },
  };
}

/** A topic or bus answers only in its own region, which its ARN names. */
function regionSetting(arn: string): { readonly region?: string } {
  const [, , , region = ''] = arn.split(':');
  return region === '' ? {} : { region };
}

// Without a home nothing of AWS is looked at; the id that no account has keeps it so.
function homeAccount({ home }: DoctorWiring['plan']): AccountId {
  const parsed = parseAccountId(home?.account ?? '000000000000');
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}
