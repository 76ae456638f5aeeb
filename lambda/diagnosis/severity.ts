// How bad a finding is by what SES still believes, and what a set of findings makes of an identity.
import { type Finding, isBlindness, type Severity } from '../model/finding.ts';
import type { Identity } from '../model/identity.ts';

/** Wrong records are critical while there is a set-up to lose: SES says SUCCESS, or has just begun to doubt (TEMPORARY_FAILURE). */
export function recordSeverity({ ses }: Identity): Severity {
  return ses.status === 'SUCCESS' || ses.status === 'TEMPORARY_FAILURE' ? 'critical' : 'warning';
}

/** True if a finding of warning or critical is among them; what we could not see (section D) does not count, notices neither. */
export function areBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ kind, severity }) => severity !== 'notice' && !isBlindness(kind));
}
