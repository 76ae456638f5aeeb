// The ladder: one question to one server, tried again in the right ways until it is answered or clearly will not be.
import { BOUNDS } from './bounds.ts';
import { type Heard, type Reply, Tries, type TryQuestion, type TryTools } from './tries.ts';

const PROBE_MS = 1000;

/** Who hears what came of it: one of the two, once. */
export interface Asker {
  done(reply: Reply): void;
  /** By an error of our own. */
  failed(error: unknown): void;
}

/**
 * `firstMs` → `secondMs` → without EDNS `firstMs` → one connected socket, which sees a closed port. FORMERR and NOTIMP: again without EDNS
 * (RFC 6891 §7). Letters' case changed: again in lower case. Truncated: TCP. SERVFAIL: once more after a pause. Earlier tries are
 * listened for until the end: a late answer is an answer. The turn of the first packet must have been taken already.
 */
export function climb(question: TryQuestion, tools: TryTools, asker: Asker): void {
  const tries = new Tries(question, tools);
  tries.send();
  tries.next(tools.times.firstMs, (heard) => {
    // How nearly every question ends: without a single promise, for there are tens of thousands of them.
    if (heard.kind === 'final') {
      tries.close();
      asker.done({ kind: 'reply', message: heard.message, remarks: tries.remarks() });
      return;
    }
    climbOn(tries, heard)
      .finally(() => tries.close())
      .then(
        (reply) => asker.done(reply),
        (error: unknown) => asker.failed(error),
      );
  });
}

/** From the first thing heard that was not the end. */
async function climbOn(tries: Tries, first: Heard): Promise<Reply> {
  const { tools } = tries;
  const { firstMs, secondMs, servfailAgainMs } = tools.times;
  const rungs = [firstMs, secondMs, firstMs];
  let heard = first;
  let servfails = 0;
  let rung = 0;
  for (let sends = 1; ; sends += 1) {
    let silent = false;
    if (heard.kind === 'servfail') {
      servfails += 1;
      if (servfails > 1) return reply(tries, heard);
      tries.ignoreOldServfails();
      heard = await tries.hear(servfailAgainMs);
      // Some servers that do not know EDNS say SERVFAIL.
      silent = heard.kind === 'timeout';
    }
    switch (heard.kind) {
      case 'final':
      case 'servfail':
        return reply(tries, heard);
      case 'without-edns':
        tries.dropEdns();
        break;
      case 'without-case':
        tries.dropCase();
        break;
      case 'truncated':
        return await tries.overTcp();
      case 'timeout':
        if (silent) {
          tries.dropEdns();
          break;
        }
        tools.timedOut(tools.ticker.now() - (rungs[rung] ?? 0));
        rung += 1;
        break;
      case 'failed':
        return { kind: 'silent', how: heard.how, remarks: tries.remarks() };
      case 'over':
        return { kind: 'over' };
    }
    const wait = rungs[rung];
    // Each of three rungs, and once more each for EDNS, case and SERVFAIL.
    if (wait === undefined || sends >= BOUNDS.sends) return await probe(tries);
    if (rung === 2) tries.dropEdns();
    if (!(await tools.turn())) return { kind: 'over' };
    tries.send();
    heard = await tries.hear(wait);
  }
}

function reply(tries: Tries, { message }: Extract<Heard, { kind: 'final' | 'servfail' }>): Reply {
  return { kind: 'reply', message, remarks: tries.remarks() };
}

/** The last rung. */
async function probe(tries: Tries): Promise<Reply> {
  const { tools } = tries;
  if (!(await tools.turn())) return { kind: 'over' };
  tries.sendConnected();
  const heard = await tries.hear(Math.min(PROBE_MS, tools.times.firstMs));
  switch (heard.kind) {
    case 'final':
    case 'servfail':
      return reply(tries, heard);
    case 'truncated':
      return tries.overTcp();
    case 'failed':
      return { kind: 'silent', how: heard.how, remarks: tries.remarks() };
    case 'over':
      return { kind: 'over' };
    case 'without-edns':
    case 'without-case':
    case 'timeout':
      return { kind: 'silent', how: 'timeout', remarks: tries.remarks() };
  }
}
