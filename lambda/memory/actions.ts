// The IAM actions that the memory room calls.
import type { DeclaredAction } from '../model/declared-action.ts';

export const ACTIONS: readonly DeclaredAction[] = [
  { action: 's3:GetObject', on: 'memory-objects', why: 'Reads what earlier sweeps remembered.' },
  { action: 's3:PutObject', on: 'memory-objects', why: 'Writes what this sweep remembers, by compare-and-swap.' },
];
