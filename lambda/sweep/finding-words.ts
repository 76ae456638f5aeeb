// Loads the words of findings where there are findings.
import type { TargetFinding, TargetReport } from '../model/report.ts';
import type { FindingWords } from './assemble-report.ts';

/** What puts the findings of these targets into words. Most sweeps of an estate that is well find nothing: the words are then not even loaded. */
export async function wordsFor(targets: readonly TargetReport[], targetFindings: readonly TargetFinding[]): Promise<FindingWords> {
  const found = targetFindings.length > 0 || targets.some(({ results }) => results.some(({ diagnosis }) => diagnosis.findings.length > 0));
  return found ? (await import('../diagnosis/report-finding.ts')).toReportFinding : wordless;
}

const wordless: FindingWords = ({ kind }) => {
  throw new Error(`The words of findings were not loaded, and there is one: ${kind}.`);
};
