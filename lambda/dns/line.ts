// The line to all servers: each question waits for its turn, is asked by the ladder, and tells the room how the server is doing.
import type { Dice } from './dice.ts';
import type { Ending } from './ending.ts';
import type { Health, Subject } from './health.ts';
import { climb } from './ladder.ts';
import type { LaneKind, Pacing } from './pacing.ts';
import type { Ticker } from './ticker.ts';
import type { Reply, TryQuestion, TryTimes, TryTools } from './tries.ts';
import type { Destination, UdpPool } from './udp-pool.ts';

export interface LineParts {
  readonly pool: UdpPool;
  readonly ticker: Ticker;
  readonly pacing: Pacing;
  readonly health: Health;
  readonly ending: Ending;
  readonly times: TryTimes;
  readonly dice: Dice;
}

export interface Line {
  /** Asks, in its turn, and gives what `make` makes of the reply. Never throws for what the other side does. `heard` hears of each packet that leaves for it. */
  ask<T>(question: TryQuestion, kind: LaneKind, make: (reply: Reply) => T, heard?: () => void): Promise<T>;
  /** Packets sent so far. */
  packets(): number;
}

/** A server, as all questions to it see it: put together once. */
interface Peer {
  readonly server: string;
  readonly lane: string;
  readonly tools: TryTools;
}

const MAX_PEERS = 20_000;

/** Joins the parts. All resolvers share one lane: what limits them is our own interface; a server is a lane of its own. */
export function createLine(parts: LineParts): Line {
  const { ticker, pacing, health, ending } = parts;
  // By the destination itself, not by its words: putting them together for each question costs more than finding it.
  const peers = { server: new Map<Destination, Peer>(), resolver: new Map<Destination, Peer>() };
  let packets = 0;
  let pumping = false;

  /** Once for all that a turn of the event loop brought: replies are read together, and the next questions sent together. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    setImmediate(() => {
      pumping = false;
      pacing.pump(ticker.now());
      if (pacing.busy()) ticker.wake();
    });
  }

  const sent = (): void => {
    packets += 1;
  };

  function peerOf(to: Destination, kind: LaneKind): Peer {
    const known = peers[kind].get(to);
    if (known !== undefined) return known;
    if (peers[kind].size >= MAX_PEERS) peers[kind].clear();
    const server = `${to.address}:${to.port}`;
    const lane = kind === 'resolver' ? 'resolvers' : server;
    const tools: TryTools = {
      ...parts,
      habits: health.habits(server),
      turn: () =>
        new Promise<boolean>((resolve) => {
          if (ending.over()) return resolve(false);
          pacing.again(lane, () => resolve(!ending.over()));
          pump();
        }),
      sent,
      // A resolver's time-outs are mostly those of the servers it asks: no reason to spare it.
      timedOut: (sentAt) => {
        if (health.timedOut(server, sentAt) && kind === 'server') pacing.penalise(lane, ticker.now());
      },
      truncated: () => {
        if (health.truncated(server, ticker.now()) && kind === 'server') pacing.penalise(lane, ticker.now());
      },
    };
    const made = { server, lane, tools };
    peers[kind].set(to, made);
    return made;
  }

  /** The reply that needs no asking, if there is one. */
  function inVain(subject: Subject): Reply | undefined {
    if (ending.over()) return OVER;
    const how = health.deadHow(subject);
    return how === undefined ? undefined : { kind: 'silent', how, remarks: ['server-dead'] };
  }

  /** What the reply says about the server. */
  function learn(reply: Reply, subject: Subject, lane: string, since: number): void {
    if (reply.kind === 'over') return;
    if (reply.kind === 'silent' && reply.how !== 'tcp-failed') {
      health.gaveUp(subject, reply.how, since);
      return;
    }
    health.answered(subject, ticker.now());
    pacing.proved(lane);
  }

  function end(lane: string, sentNothing: boolean): void {
    pacing.end(lane, sentNothing);
    pump();
  }

  return {
    packets: () => packets,
    ask: (question, kind, make, heard) =>
      new Promise((resolve, reject) => {
        const { server, lane, tools } = peerOf(question.to, kind);
        const subject: Subject = { server, name: question.name, type: question.type };
        const tell = (reply: Reply): void => {
          try {
            resolve(make(reply));
          } catch (error) {
            reject(error);
          }
        };
        const failed = (error: unknown): void => {
          end(lane, false);
          reject(error);
        };
        const ask = (since: number): void => {
          const done = (reply: Reply): void => {
            learn(reply, subject, lane, since);
            end(lane, false);
            tell(reply);
          };
          try {
            climb(question, heard === undefined ? tools : overheard(tools, heard), { done, failed });
          } catch (error) {
            failed(error);
          }
        };
        const start = (): void => {
          // The time may have run out, or the server died, while this question waited.
          const late = inVain(subject);
          if (late === undefined) ask(ticker.now());
          else {
            end(lane, true);
            tell(late);
          }
        };
        const vain = inVain(subject);
        if (vain !== undefined) tell(vain);
        else if (pacing.begin(lane, kind, start)) pump();
        else tell(OVER);
      }),
  };
}

/** The same tools, with somebody who counts the packets of one question. */
const overheard = (tools: TryTools, heard: () => void): TryTools => ({
  ...tools,
  sent: () => {
    tools.sent();
    heard();
  },
});

const OVER: Reply = { kind: 'over' };
