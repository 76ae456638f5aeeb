// The configuration as the parser made it when the function was bundled, so that the function need not load the parser; bound by a digest to the text it was made of.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration.ts';
import { CHECKED_CONFIG_FILE } from './settings.ts';

/** What is put beside the file with this text: a line with the digest of text and value, then the value. Throws if JSON cannot hold the value: a bug of ours. */
export function checkedText(text: string, value: Configuration): string {
  const json = JSON.stringify(value);
  if (!isDeepStrictEqual(JSON.parse(json), value)) throw new Error('The configuration holds a value that JSON does not keep.');
  return `${digestOf(text, json)}\n${json}`;
}

/**
 * Reads the configuration of the function: `file` in `folder`. What was checked at the deployment is taken as it is; if either file was edited since, or if
 * there is none that was checked, the text is parsed as at the deployment. Throws with every mistake if it cannot be used.
 */
export async function readConfiguration(folder: string, file: string): Promise<Configuration> {
  const text = readFileSync(join(folder, file), 'utf8');
  const checked = takenAsChecked(text, readIfThere(join(folder, CHECKED_CONFIG_FILE)));
  if (checked !== undefined) return checked;
  const { parseConfigurationText } = await import('./configuration.ts');
  const read = parseConfigurationText(text);
  if (!read.ok) throw new Error(`The configuration cannot be used: ${read.problems.join(' · ')}`);
  return read.value;
}

function takenAsChecked(text: string, checked: string): Configuration | undefined {
  const end = checked.indexOf('\n');
  const json = checked.slice(end + 1);
  return end > 0 && checked.slice(0, end) === digestOf(text, json) ? (JSON.parse(json) as Configuration) : undefined;
}

// The length keeps the border between the two where it was.
function digestOf(text: string, json: string): string {
  return createHash('sha256').update(`${text.length}\n${text}\n${json}`).digest('hex');
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
