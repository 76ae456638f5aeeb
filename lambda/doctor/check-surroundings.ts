// Checks what is around the sweep: its memory, the topics and the bus that it tells, its own schedule.
import { maskedEndpoint } from '../messages/subscriptions-page.ts';
import type { Link } from '../model/checkup.ts';
import { amiss, type Check, fine } from './check.ts';
import type { DoctorPlan, PlannedTopic } from './plan.ts';
import type { DoctorWorld, StoreReply } from './ports.ts';
import type { Trouble } from './trouble.ts';

/** `home` is the account that must own the bucket. */
export async function checkMemory(plan: DoctorPlan, world: Pick<DoctorWorld, 'store' | 'clock'>, home: string): Promise<readonly Check[]> {
  const { bucket } = plan;
  const links: readonly Link[] = ['bucket', 'memory-read', 'memory-write', 'last-sweep'];
  if (bucket === undefined || world.store === undefined) return [amiss('bucket', {}, { kind: 'not-known', what: 'bucket' })];
  const place = { subject: bucket };
  const look = await world.store();
  if (look.bucket.kind !== 'ok') {
    const { trouble, detail } = storeTrouble(look.bucket, bucket, home, 's3:ListBucket');
    return [
      amiss('bucket', place, trouble, detail),
      ...links.slice(1).map((link) => amiss(link, place, { kind: 'depends-on', link: 'bucket' })),
    ];
  }
  const one = (link: Link, reply: StoreReply | undefined, action: 's3:GetObject' | 's3:PutObject'): Check => {
    if (reply === undefined || reply.kind === 'ok') return fine(link, place);
    const { trouble, detail } = storeTrouble(reply, bucket, home, action);
    return amiss(link, place, trouble, detail);
  };
  return [
    fine('bucket', place),
    one('memory-read', look.read, 's3:GetObject'),
    one('memory-write', look.write, 's3:PutObject'),
    lastSweep(plan, look.lastReportAt, world.clock()),
  ];
}

function storeTrouble(
  reply: StoreReply,
  bucket: string,
  home: string,
  action: 's3:ListBucket' | 's3:GetObject' | 's3:PutObject',
): { readonly trouble: Trouble; readonly detail?: string } {
  switch (reply.kind) {
    case 'missing':
      return { trouble: { kind: 'bucket-missing', bucket } };
    case 'foreign':
      return { trouble: { kind: 'bucket-foreign', bucket, home } };
    case 'elsewhere':
      return { trouble: { kind: 'bucket-elsewhere', bucket } };
    case 'denied':
      return { trouble: action === 's3:ListBucket' ? { kind: 'bucket-refused', bucket, home } : { kind: 'object-denied', action, bucket } };
    case 'failed':
      return { trouble: { kind: 'store-trouble' }, detail: reply.detail };
    case 'ok':
      return { trouble: { kind: 'store-trouble' } };
  }
}

/** One sweep that fails is made up for by the next; beside the time of the longest, so much for its beginning and end. */
const AROUND_MINUTES = 5;

function lastSweep({ scheduleMinutes: minutes, longestMinutes, functionName }: DoctorPlan, at: string | undefined, now: number): Check {
  if (at === undefined) return amiss('last-sweep', {}, { kind: 'depends-on', link: 'memory-read' });
  if (at === 'none') return amiss('last-sweep', {}, { kind: 'no-sweep-yet', minutes, functionName });
  const ago = (now - Date.parse(at)) / 60_000;
  if (ago <= 2 * minutes + longestMinutes + AROUND_MINUTES) return fine('last-sweep', {}, `ended ${spanOf(ago)} ago`);
  return amiss('last-sweep', {}, { kind: 'sweep-stale', ago: spanOf(ago), minutes, functionName });
}

function spanOf(minutes: number): string {
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${Math.floor(minutes)} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

/** `home` is the account of the monitor. */
export async function checkTelling(plan: DoctorPlan, world: DoctorWorld, home: string): Promise<readonly Check[]> {
  const checks: Check[] = plan.mainTopicKnown ? [] : [amiss('topic', {}, { kind: 'not-known', what: 'topic' })];
  // One after the other: there are few, and SNS throttles lists at some dozens a second.
  for (const topic of plan.topics) checks.push(...(await checkTopic(topic, world, home)));
  checks.push(await checkBus(plan.bus, world, home));
  return [...checks, await checkHeartbeat(plan, world)];
}

async function checkTopic(topic: PlannedTopic, world: DoctorWorld, home: string): Promise<readonly Check[]> {
  const { topicArn, ours, listenersWanted } = topic;
  const place = { subject: topicArn };
  const afterwards = amiss('subscriptions', place, { kind: 'depends-on', link: 'topic' });
  const look = await world.listening(topicArn);
  switch (look.kind) {
    case 'missing':
      return [amiss('topic', place, { kind: 'topic-missing', topicArn, ours }), afterwards];
    case 'denied': {
      const foreign = topicArn.split(':')[4] !== home;
      return [amiss('topic', place, { kind: foreign ? 'topic-of-others' : 'topic-denied', topicArn }), afterwards];
    }
    case 'failed':
      return [amiss('topic', place, { kind: 'topic-trouble', topicArn }, look.detail), afterwards];
    case 'listed': {
      const { confirmed } = look;
      const pending = look.pending.map(({ protocol, endpoint }) => maskedEndpoint(protocol, endpoint));
      const publish = amiss('publish', place, { kind: 'only-by-publishing', topicArn });
      return [fine('topic', place), subscriptions(topicArn, confirmed, pending, listenersWanted), publish];
    }
  }
}

function subscriptions(topicArn: string, confirmed: number, pending: readonly string[], wanted: boolean): Check {
  const place = { subject: topicArn };
  if (pending.length > 0)
    return amiss(
      'subscriptions',
      place,
      confirmed === 0 ? { kind: 'nobody-confirmed', topicArn, pending } : { kind: 'some-pending', topicArn, confirmed, pending },
    );
  if (confirmed === 0 && wanted) return amiss('subscriptions', place, { kind: 'nobody-subscribed', topicArn });
  return fine('subscriptions', place, confirmed === 0 ? 'nobody, as configured: the bus is told' : `${confirmed} confirmed`);
}

async function checkBus(bus: string | undefined, world: DoctorWorld, home: string): Promise<Check> {
  if (bus === undefined) return amiss('event-bus', {}, { kind: 'not-set', setting: 'alerts.eventBus' });
  const place = { subject: bus };
  const look = await world.bus(bus);
  switch (look.kind) {
    case 'ok':
      return fine('event-bus', place);
    case 'missing':
      return amiss('event-bus', place, { kind: 'bus-missing', bus });
    case 'denied':
      return amiss('event-bus', place, { kind: bus !== 'default' && bus.split(':')[4] !== home ? 'bus-of-others' : 'bus-denied', bus });
    case 'failed':
      return amiss('event-bus', place, { kind: 'bus-trouble', bus }, look.detail);
  }
}

async function checkHeartbeat({ heartbeat }: DoctorPlan, { heartbeat: ping }: DoctorWorld): Promise<Check> {
  if (heartbeat === 'not-configured') return amiss('heartbeat', {}, { kind: 'not-set', setting: 'operations.heartbeatUrl' });
  if (heartbeat === 'not-asked' || ping === undefined) return amiss('heartbeat', {}, { kind: 'not-asked', flag: '--heartbeat' });
  const pinged = await ping();
  return pinged.kind === 'pinged' ? fine('heartbeat', {}, 'pinged') : amiss('heartbeat', {}, { kind: 'heartbeat-failed' }, pinged.detail);
}
