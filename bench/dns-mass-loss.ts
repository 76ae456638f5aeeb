// A part of the DNS bench: every domain of one hoster loses its records at once. How many are told in one sweep, and what does each cost?
import { type Estate, SERVERS_EACH } from './dns-estate.ts';
import { startPart } from './dns-process.ts';
import type { Line, Opened } from './dns-slow-internet.ts';
import type { Swept } from './dns-sweep.ts';

/** All time is a tenth of what it is in the function: pace, delays, the pause and the limit alike. */
const FASTER = 10;
const ESTATE = { customers: 10_000, hosters: 1, brokenEvery: 1, loseAll: true } as const satisfies Estate;
const LINE: Line = { delayMs: [10 / FASTER, 190 / FASTER], loss: 0 };
const PER_SECOND = 50;
const RESOLVER_PER_SECOND = 400;
/** Fifteen minutes without the last 90 s. */
const LIMIT_MS = 810_000;
const CONFIRM_AFTER_MS = 45_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** One sweep that knows nothing of the estate yet. True if no verdict was false. */
export async function massLoss(folder: string): Promise<boolean> {
  const internet = await startPart('dns-slow-internet', folder);
  const opened = await internet.ask<Opened>({ kind: 'open', estate: ESTATE, line: LINE });
  try {
    const part = await startPart('dns-sweep', folder);
    const [perSecond, resolverPerSecond] = [PER_SECOND * FASTER, RESOLVER_PER_SECOND * FASTER];
    await part.ask({ kind: 'open', estate: ESTATE, internet: opened, perSecond, resolverPerSecond, cache: undefined });
    const times = { untilMs: LIMIT_MS / FASTER, confirmAfterMs: CONFIRM_AFTER_MS / FASTER };
    const swept = await part.ask<Swept>({ kind: 'sweep', rotation: 0, known: false, ...times });
    await part.stop();
    const { missing, unknown, healthy, seconds, lookedSeconds, questions, cpu, peakMiB } = swept;
    const minutes = (s: number): string => `${Math.round(s * FASTER)} s`;
    say(
      `Mass loss: ${ESTATE.customers.toLocaleString('en')} domains at one hoster of ${SERVERS_EACH} name servers, ${PER_SECOND}/s each, lose all three records.\n` +
        `  ${missing} told, ${unknown} unknown (out of time), ${healthy} called healthy; all looked at after ${minutes(lookedSeconds)}, ended after ${minutes(seconds)} of ${minutes(LIMIT_MS / 1000 / FASTER)};\n` +
        `  ${(questions / ESTATE.customers).toFixed(2)} packets a domain, ${(questions / Math.max(1, missing)).toFixed(1)} for each one told, ${cpu.toFixed(1)} s of CPU, ${peakMiB.toFixed(0)} MiB.`,
    );
    for (const one of swept.wrong.filter((words) => !words.endsWith(': unknown'))) say(`  wrong: ${one}`);
    return healthy === 0 && missing + unknown === ESTATE.customers;
  } finally {
    await internet.stop();
  }
}
