// What the command's exit codes mean (a contract), and how a wrong usage is said.
import { compareSeverity, isBlindness, type Severity } from '../lambda/model/finding.ts';
import type { Report } from '../lambda/model/report.ts';

export const EXIT = { fine: 0, trouble: 1, blind: 2, usage: 64, ourError: 70, interrupted: 130 } as const;

/** A wrong flag, argument or configuration: said in one sentence (or one a mistake), exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside could not be reached, so nothing could be told: one sentence, exit code 2. */
export class BlindError extends Error {
  override readonly name = 'BlindError';
}

/** 1 if something is at or above `failOn` (also if gaps exist), 2 if nothing is but something could not be told, else 0. What is muted does not count. */
export function exitCodeOf(report: Report, failOn: Severity): number {
  const told = report.identities.flatMap(({ findings }) => findings.filter(({ kind, muted }) => muted !== true && !isBlindness(kind)));
  if (told.some(({ severity }) => compareSeverity(severity, failOn) >= 0)) return EXIT.trouble;
  const muted = new Set(report.findings.flatMap((finding) => (finding.muted === true ? finding.targets.map(targetOf) : [])));
  const blind =
    report.identities.some((one) => one.diagnosis === 'unknown' && !muted.has(targetOf(one))) ||
    report.targets.some((target) => target.gap !== undefined && !muted.has(targetOf(target)));
  return blind ? EXIT.blind : EXIT.fine;
}

const targetOf = ({ account, region }: { readonly account: string; readonly region: string }): string => `${account}/${region}`;
