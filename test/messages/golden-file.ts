// Compares a text with its file in golden/, or writes that file where UPDATE_GOLDEN=1.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('./golden/', import.meta.url));

/** Expects the text to be what the file `golden/<name>.txt` holds. */
export function golden(name: string, text: string): void {
  const file = `${FOLDER}${name}.txt`;
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
  }
  expect([name, existsSync(file) ? readFileSync(file, 'utf8') : 'no such file: run with UPDATE_GOLDEN=1']).toEqual([name, text]);
}
