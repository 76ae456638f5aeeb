// Says whether SES can use a key file as it is: what is wrong with it, and what is worth knowing.
import type { NoKeyReason } from './key-bytes.ts';
import type { KeyFile, KeyRole } from './key-file.ts';
import type { TextFlaw } from './key-text.ts';

/** What must be mended. */
export type KeyProblem = TextFlaw | NoKeyReason | 'public-for-private' | 'private-for-public' | 'pkcs1-public' | 'too-short' | 'too-long';

/** What is no mistake. `pkcs1-public`: the form of the file does not matter, for the right one is published. */
export type KeyNote = 'pkcs8' | 'pkcs1-public' | 'weak' | 'odd-length';

export interface KeyFileVerdict {
  readonly problems: readonly KeyProblem[];
  readonly notes: readonly KeyNote[];
}

/**
 * `wanted` is the role in which the file was given. Lengths from AWS's page "BYODKIM": RSA of 1024 to 2048 bits, and
 * "Troubleshooting DKIM": either 1024 or 2048.
 */
export function judgeKeyFile(file: KeyFile, wanted: KeyRole): KeyFileVerdict {
  if (file.kind === 'no-key') return { problems: [file.reason], notes: [] };
  const { role, form, bits } = file;
  const wrongRole = role === wanted ? [] : [wanted === 'private' ? ('public-for-private' as const) : ('private-for-public' as const)];
  // What is wrong with the text of the wrong file does not matter.
  const problems: KeyProblem[] = wrongRole.length > 0 ? [...wrongRole] : [...file.flaws];
  if (bits < 1024) problems.push('too-short');
  if (bits > 2048) problems.push('too-long');
  // Nobody can use a record with that form in it.
  if (wrongRole.length === 0 && role === 'public' && form === 'pkcs1') problems.push('pkcs1-public');
  const notes: KeyNote[] = [];
  if (wanted === 'private' && form === 'pkcs8') notes.push('pkcs8');
  if (bits === 1024) notes.push('weak');
  if (bits > 1024 && bits < 2048) notes.push('odd-length');
  return { problems, notes };
}
