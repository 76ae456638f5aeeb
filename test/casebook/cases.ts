// The casebook: every case in the order of its number.
import type { Case } from './case.ts';
import { identitiesAndNoise } from './cases/identities-and-noise.ts';
import { lostAndWrong } from './cases/lost-and-wrong.ts';
import { ownCases } from './cases/own-cases.ts';
import { providersAndKeys } from './cases/providers-and-keys.ts';

/** Numbers of the cases that really happened, in public; the rest are our own. */
export const PUBLIC_CASES = 40;

export const CASES: readonly Case[] = [...lostAndWrong, ...providersAndKeys, ...identitiesAndNoise, ...ownCases];
