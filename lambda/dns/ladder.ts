// The ladder: one question to one server, tried again in the right ways until it is answered or clearly will not be.
import { createTries, type Reply, type Tries, type TryQuestion, type TryTools } from './tries.ts';

// Each rung may be climbed again for EDNS, case and SERVFAIL: this is only the backstop.
const MAX_SENDS = 8;
const PROBE_MS = 1000;

/**
 * `firstMs` → `secondMs` → without EDNS `firstMs` → one connected socket, which sees a closed port. FORMERR and NOTIMP: again without EDNS
 * (RFC 6891 §7). Letters' case changed: again in lower case. Truncated: TCP. SERVFAIL: once more after a pause. Earlier tries are
 * listened for until the end: a late answer is an answer. The turn of the first packet must have been taken already.
 */
export async function climb(question: TryQuestion, tools: TryTools): Promise<Reply> {
  const tries = createTries(question, tools);
  const { firstMs, secondMs } = tools.times;
  const rungs = [firstMs, secondMs, firstMs];
  let servfails = 0;
  try {
    let rung = 0;
    for (let sends = 0; sends < MAX_SENDS; sends += 1) {
      const wait = rungs[rung];
      if (wait === undefined) break;
      if (rung === 2) tries.dropEdns();
      if (sends > 0 && !(await tools.turn())) return { kind: 'over' };
      tries.send();
      let heard = await tries.hear(wait);
      if (heard.kind === 'servfail') {
        servfails += 1;
        if (servfails > 1) return { kind: 'reply', message: heard.message, remarks: tries.remarks() };
        tries.ignoreOldServfails();
        heard = await tries.hear(tools.times.servfailAgainMs);
        // Some servers that do not know EDNS say SERVFAIL.
        if (heard.kind === 'timeout') {
          tries.dropEdns();
          continue;
        }
      }
      switch (heard.kind) {
        case 'final':
        case 'servfail':
          return { kind: 'reply', message: heard.message, remarks: tries.remarks() };
        case 'without-edns':
          tries.dropEdns();
          break;
        case 'without-case':
          tries.dropCase();
          break;
        case 'truncated':
          return await tries.overTcp();
        case 'timeout':
          tools.timedOut();
          rung += 1;
          break;
        case 'failed':
          return { kind: 'silent', how: heard.how, remarks: tries.remarks() };
        case 'over':
          return { kind: 'over' };
      }
    }
    return await probe(tries, tools);
  } finally {
    tries.close();
  }
}

/** The last rung. */
async function probe(tries: Tries, tools: TryTools): Promise<Reply> {
  if (!(await tools.turn())) return { kind: 'over' };
  tries.sendConnected();
  const heard = await tries.hear(Math.min(PROBE_MS, tools.times.firstMs));
  switch (heard.kind) {
    case 'final':
    case 'servfail':
      return { kind: 'reply', message: heard.message, remarks: tries.remarks() };
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
