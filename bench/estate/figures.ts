// What the estate bench prints of a sweep, and the goals that it holds against it.
import type { CallCounts } from './aws-part.ts';
import type { Measured } from './stage.ts';

export const say = (text = ''): void => void process.stdout.write(`${text}\n`);

const goals: boolean[] = [];

/** Prints a goal with the figures behind it, and remembers whether it is met. */
export function goal(words: string, met: boolean, figures: string): void {
  goals.push(met);
  say(`  ${met ? 'met    ' : 'NOT met'} ${words}: ${figures}`);
}

export const allMet = (): boolean => goals.every((met) => met);

export const count = (n: number): string => Math.round(n).toLocaleString('en');

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Lambda gives a function a whole processor at 1,769 MB. Source: AWS Lambda Developer Guide, "Configure Lambda function memory". */
export const shareOfProcessor = (memoryMiB: number): number => Math.min(1, memoryMiB / 1769);

/**
 * Seconds that the sweep takes at least in a function of so much memory, if its processor is as fast as this one: what it does while it would only wait is
 * free here, and there takes the time that its share of a processor needs.
 */
export const inFunction = ({ seconds, cpu }: Pick<Measured, 'seconds' | 'cpu'>, memoryMiB: number): number =>
  Math.max(seconds, cpu / shareOfProcessor(memoryMiB));

export const callsOf = ({ calls }: CallCounts, service: string): number =>
  Object.entries(calls).reduce((sum, [name, n]) => (name.startsWith(`${service}:`) ? sum + n : sum), 0);

export const requests = ({ calls }: CallCounts): { readonly gets: number; readonly puts: number } => ({
  gets: calls['s3:GetObject'] ?? 0,
  puts: calls['s3:PutObject'] ?? 0,
});

/** One sweep in three lines. */
export function printSweep(title: string, sweep: Measured, kind: 'wall' | 'simulated'): void {
  const { gets, puts } = requests(sweep.calls);
  const { healthy, broken, unknown, gaps } = sweep;
  say(`${title}`);
  say(
    `  ${duration(sweep.seconds)} of ${kind} time · ${sweep.cpu.toFixed(1)} s of CPU · peak memory ${sweep.peakMiB.toFixed(0)} MiB · Node ${sweep.node}`,
  );
  say(
    `  SES calls ${count(callsOf(sweep.calls, 'ses'))} (${count(sweep.calls.throttled)} of them throttled) · STS calls ${count(sweep.stsCalls)} · DNS questions ${count(sweep.dnsQuestions)} · S3 ${count(gets)} reads, ${count(puts)} writes · ${count(sweep.logLines)} lines of log`,
  );
  say(`  healthy ${count(healthy)}, broken ${count(broken)}, unknown ${count(unknown)}, targets with a gap ${count(gaps)}`);
  for (const trouble of sweep.troubles.slice(0, 3)) say(`  trouble: ${trouble}`);
}
