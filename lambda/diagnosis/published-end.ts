// The end of an own key as it is published: what tells it from another, for people who compare it with theirs.
import { keyEnd } from '../dkim/judge-key.ts';
import { goodKeys } from './good-keys.ts';
import type { Reading } from './reading.ts';

/** Nothing for Easy DKIM, whose keys are SES's own affair, and where no good key is published. */
export function publishedEnd(reading: Reading): { readonly publishedEnd?: string } {
  const key = goodKeys(reading)[0]?.key.publicKey;
  return key === undefined ? {} : { publishedEnd: keyEnd(key) };
}
