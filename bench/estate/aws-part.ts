// A part of the estate bench: the sandbox's AWS in a process of its own, which is told what time it is by those who leap over waiting.
import { createServer } from 'node:net';
import { startAws } from '../../sandbox/aws/aws.ts';
import type { AwsWorld, SesIdentity } from '../../sandbox/aws/aws-world.ts';
import { serve } from '../dns-process.ts';
import { type BenchEstate, BUCKET, HUB, identityNumber, ROLE, sizesOf, targetsOf } from './estates.ts';

export type AwsMessage =
  | { readonly kind: 'open'; readonly estate: BenchEstate }
  /** SES calls a second for each target; undefined: no limit. */
  | { readonly kind: 'rate'; readonly perSecond: number | undefined }
  /** What was called since the last question. */
  | { readonly kind: 'counts' };

export interface AwsOpened {
  readonly endpoint: string;
  /** Port on loopback that takes the time. */
  readonly clockPort: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Calls by `service:Action`; `throttled` are those that SES refused. */
export interface CallCounts {
  readonly calls: Readonly<Record<string, number>>;
  readonly throttled: number;
  /** Bytes that lie in the bucket. */
  readonly storedBytes: number;
}

let ahead = 0;
let aws: Awaited<ReturnType<typeof startAws>> | undefined;

function worldOf(estate: BenchEstate): AwsWorld {
  const sizes = sizesOf(estate);
  const world: Record<string, { identities: Record<string, SesIdentity[]>; roles: { name: string; trusts: string }[] }> = {};
  let next = 0;
  for (const [i, { account, region }] of targetsOf(estate).entries()) {
    const here = world[account] ?? { identities: {}, roles: account === HUB ? [] : [{ name: ROLE, trusts: HUB }] };
    world[account] = here;
    here.identities[region] = Array.from({ length: sizes[i] ?? 0 }, () => identityNumber(next++, region));
  }
  return { ...world, [HUB]: { ...world[HUB], buckets: [{ name: BUCKET }] } };
}

/** Eight bytes are the milliseconds that the others' clock is ahead; one byte says that they are known. */
function listenForTime(): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    // Whoever is done simply ends.
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      ahead = bytes.readDoubleBE(bytes.length - 8);
      socket.write('.');
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
}

function counts(): CallCounts {
  if (aws === undefined) throw new Error('nothing was opened');
  const { calls: log, objects } = aws.control;
  const calls: Record<string, number> = {};
  let throttled = 0;
  for (const { service, action, error } of log.splice(0)) {
    const name = `${service}:${action}`;
    calls[name] = (calls[name] ?? 0) + 1;
    if (error === 'TooManyRequestsException' || error === 'Throttling') throttled += 1;
  }
  const storedBytes = [...(objects.get(BUCKET)?.values() ?? [])].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  return { calls, throttled, storedBytes };
}

serve(async (message: AwsMessage): Promise<AwsOpened | CallCounts | 'set'> => {
  if (message.kind === 'open') {
    aws = await startAws(
      worldOf(message.estate),
      () => Date.now() + ahead,
      () => undefined,
    );
    return { endpoint: aws.endpoint, clockPort: await listenForTime(), ...aws.credentials(HUB) };
  }
  if (message.kind === 'counts') return counts();
  if (aws === undefined) throw new Error('nothing was opened');
  aws.control.rate = message.perSecond;
  return 'set';
});
