// What the command's exit codes mean (a contract), and how a wrong usage is said.
import { compareSeverity, isBlindness, type Severity } from '../lambda/model/finding.ts';
import type { Report } from '../lambda/model/report.ts';

export const EXIT = { fine: 0, trouble: 1, blind: 2, usage: 64, ourError: 70 } as const;

/** A wrong flag, argument or configuration: said in one sentence (or one a mistake), exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside could not be reached, so nothing could be told: one sentence, exit code 2. */
export class BlindError extends Error {
  override readonly name = 'BlindError';
}

/** 1 if something is at or above `failOn` (also if gaps exist), 2 if nothing is but something could not be told, else 0. Muted findings do not count. */
export function exitCodeOf(report: Report, failOn: Severity): number {
  const told = report.identities.flatMap(({ findings }) => findings.filter(({ kind, muted }) => muted !== true && !isBlindness(kind)));
  if (told.some(({ severity }) => compareSeverity(severity, failOn) >= 0)) return EXIT.trouble;
  const blind =
    report.summary.unknown > 0 ||
    report.targets.some(({ gap }) => gap !== undefined) ||
    report.findings.some(({ muted }) => muted !== true);
  return blind ? EXIT.blind : EXIT.fine;
}
