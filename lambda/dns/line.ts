// The line to all servers: each question waits for its turn, is asked by the ladder, and tells the room how the server is doing.
import type { Ending } from './ending.ts';
import type { Health, Subject } from './health.ts';
import { climb } from './ladder.ts';
import type { LaneKind, Pacing } from './pacing.ts';
import { registrableOf } from './registrable.ts';
import type { Ticker } from './ticker.ts';
import type { Reply, TryQuestion, TryTimes } from './tries.ts';
import type { UdpPool } from './udp-pool.ts';

export interface LineParts {
  readonly pool: UdpPool;
  readonly ticker: Ticker;
  readonly pacing: Pacing;
  readonly health: Health;
  readonly ending: Ending;
  readonly times: TryTimes;
  readonly random: (bytes: number) => Uint8Array;
}

export interface Line {
  /** Asks, in its turn. Never throws for what the other side does. `sent` hears of each packet that leaves for it. */
  ask(question: TryQuestion, kind: LaneKind, sent?: () => void): Promise<Reply>;
  /** Packets sent so far. */
  packets(): number;
}

/** Joins the parts. All resolvers share one lane: what limits them is our own interface; a server is a lane of its own. */
export function createLine(parts: LineParts): Line {
  const { ticker, pacing, health, ending } = parts;
  let packets = 0;

  const pump = (): void => {
    pacing.pump(ticker.now());
    if (pacing.busy()) ticker.wake();
  };

  function tools(lane: string, server: string, kind: LaneKind, sent: (() => void) | undefined) {
    return {
      ...parts,
      habits: health.habits(server),
      turn: () =>
        new Promise<boolean>((resolve) => {
          if (ending.over()) return resolve(false);
          pacing.again(lane, () => resolve(!ending.over()));
          pump();
        }),
      sent: () => {
        packets += 1;
        sent?.();
      },
      // A resolver's time-outs are mostly those of the servers it asks: no reason to spare it.
      timedOut: () => {
        if (health.timedOut(server) && kind === 'server') pacing.penalise(lane, ticker.now());
      },
      truncated: () => {
        if (health.truncated(server, ticker.now()) && kind === 'server') pacing.penalise(lane, ticker.now());
      },
    };
  }

  /** The reply that needs no asking, if there is one. */
  function inVain(subject: Subject): Reply | undefined {
    if (ending.over()) return OVER;
    const how = health.deadHow(subject);
    return how === undefined ? undefined : { kind: 'silent', how, remarks: ['server-dead'] };
  }

  async function converse(question: TryQuestion, kind: LaneKind, lane: string, subject: Subject, sent?: () => void): Promise<Reply> {
    const since = ticker.now();
    const reply = await climb(question, tools(lane, subject.server, kind, sent));
    if (reply.kind === 'over') return reply;
    if (reply.kind === 'silent' && reply.how !== 'tcp-failed') {
      health.gaveUp(subject, reply.how, since);
      return reply;
    }
    health.answered(subject, ticker.now());
    pacing.proved(lane);
    return reply;
  }

  return {
    packets: () => packets,
    ask(question, kind, sent) {
      const server = `${question.to.address}:${question.to.port}`;
      const lane = kind === 'resolver' ? 'resolvers' : server;
      const subject: Subject = { server, domain: registrableOf(question.name), type: question.type };
      const vain = inVain(subject);
      if (vain !== undefined) return Promise.resolve(vain);
      return new Promise((resolve, reject) => {
        const finish = (sentNothing: boolean): void => {
          pacing.end(lane, sentNothing);
          pump();
        };
        const start = (): void => {
          // The time may have run out, or the server died, while this question waited.
          const late = inVain(subject);
          if (late === undefined) {
            converse(question, kind, lane, subject, sent)
              .then(resolve, reject)
              .finally(() => finish(false));
          } else {
            resolve(late);
            finish(true);
          }
        };
        if (pacing.begin(lane, kind, start)) pump();
        else resolve(OVER);
      });
    },
  };
}

const OVER: Reply = { kind: 'over' };
