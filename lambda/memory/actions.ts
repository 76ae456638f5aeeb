// The IAM actions that the memory room calls, and the one that no call shows.
import type { DeclaredAction } from '../model/declared-action.ts';

export const ACTIONS: readonly DeclaredAction[] = [
  { action: 's3:GetObject', on: 'memory-objects', why: 'Reads what earlier sweeps remembered.' },
  { action: 's3:PutObject', on: 'memory-objects', why: 'Writes what this sweep remembers, by compare-and-swap.' },
  {
    action: 's3:DeleteObject',
    on: 'memory-objects',
    why: 'Removes a blob that nobody needs any more, if it is still the one that was read.',
  },
  { action: 's3:ListBucket', on: 'memory-bucket', why: 'Without it S3 answers 403 instead of 404 for a blob that was never written.' },
];
