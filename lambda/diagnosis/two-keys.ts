// Own keys (BYODKIM) that are each good, and not the same on all name servers: receivers get the one or the other by chance.
import { judgeKey } from '../dkim/judge-key.ts';
import type { ExpectedRecord } from '../model/expectation.ts';

/** True if the texts hold more than one usable key. A configured key is no matter here: another one than that is not good. */
export function areTwoKeys(record: ExpectedRecord, texts: readonly string[]): boolean {
  if (record.type !== 'TXT') return false;
  return new Set(texts.flatMap((text) => keyIn(text) ?? [])).size > 1;
}

/** The key in a text, by its own bytes: what is written around it does not matter. Undefined if there is none that is usable. */
export function keyIn(text: string | undefined): string | undefined {
  const key = text === undefined ? undefined : judgeKey([text], undefined);
  return key?.kind === 'usable' ? String(key.publicKey) : undefined;
}
