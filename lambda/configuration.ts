// Reads monitor.config.json: either a configuration, or every mistake in it at once, each with its place and what was probably meant.
import { type Configuration, configurationSchema } from './configuration-schema.ts';
import { didYouMean } from './did-you-mean.ts';
import { regionProblem } from './dkim/region-zones.ts';
import { exitContradictions } from './exits.ts';
import { mayHoldKeyPiece } from './model/key-pieces.ts';
import { quoted } from './model/names.ts';
import { keyLikeRuns, looksLikeKey } from './model/private-keys.ts';
import { visible } from './model/safe-text.ts';
import { organizationContradictions } from './organization-schema.ts';
import { repeatedEntries } from './repeated-entries.ts';

export type { Configuration } from './configuration-schema.ts';

export type ConfigurationRead =
  | { readonly ok: true; readonly value: Configuration }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The configuration of an empty file. */
export const DEFAULT_CONFIGURATION: Configuration = configurationSchema.parse({});

/** Reads the file's text. `problems` are sentences such as `alerts.email[0]: "x" is not an e-mail address.` */
export function parseConfigurationText(text: string): ConfigurationRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return {
      ok: false,
      problems: [
        `This is not JSON: ${visible(placed(withoutSnippet((error as Error).message, text), text), 300)}.${hasComments(text) ? ' JSON has no comments.' : ''}`,
      ],
    };
  }
  return parseConfiguration(value);
}

/** The parser quotes some characters of the text; not where they may belong to a key, as in a key file given as the configuration, or to the address of the dead man's switch. */
function withoutSnippet(message: string, text: string): string {
  const snippet = /, (?:\.\.\.)?"(.*)"(?:\.\.\.)?(?= is not valid JSON)/s.exec(message);
  if (snippet === null) return message;
  const pieces = snippet[1]?.match(/[A-Za-z0-9+/_-]{4,}/g) ?? [];
  const runs = keyLikeRuns(text);
  const secret = /"heartbeatUrl"\s*:\s*"([^"]*)/.exec(text)?.[1] ?? '';
  if (!pieces.some((piece) => secret.includes(piece) || runs.some((run) => run.includes(piece)))) return message;
  return message.replace(snippet[0], ': the text');
}

/** The parser counts characters; people count lines. */
function placed(message: string, text: string): string {
  const position = Number(/ at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (Number.isNaN(position)) return message;
  const before = text.slice(0, position).split('\n');
  return `${message.replace(/ (in JSON )?at position .*/s, '')} in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

const hasComments = (text: string): boolean => /\/\/|\/\*/.test(text.replace(/"(\\.|[^"\\])*"/g, '""'));

/** Reads an already decoded value. */
export function parseConfiguration(value: unknown): ConfigurationRead {
  const result = configurationSchema.safeParse(value);
  if (result.success) {
    const problems = [...contradictions(result.data)];
    return problems.length > 0 ? { ok: false, problems } : { ok: true, value: result.data };
  }
  const { issues } = result.error;
  return { ok: false, problems: [...issues.flatMap((issue) => sentences(issue)), ...contradictionsBeside(value, issues)] };
}

// What contradicts itself among the parts that could be read: whoever mends a file wants to hear of all of it at once.
function contradictionsBeside(value: unknown, issues: readonly Issue[]): readonly string[] {
  const rest = structuredClone(value);
  const gone: string[] = [];
  let left = issues;
  // What is taken out may have been needed by what is around it, which then goes as well.
  for (let depth = 0; depth < 6; depth += 1) {
    const places = left.flatMap(({ path, keys }) => (keys ?? [undefined]).map((key) => namesOf(key === undefined ? path : [...path, key])));
    // Each once: of a list with two mistakes the second must not take what is around it.
    for (const names of new Map(places.map((one) => [one.join('.'), one])).values()) gone.push(without(rest, names));
    if (gone.includes('')) return [];
    const read = configurationSchema.safeParse(rest);
    if (read.success) return [...repeatedIn(value, gone), ...[...contradictions(read.data)].filter((problem) => !hangsOn(problem, gone))];
    left = read.error.issues;
  }
  return [];
}

/** What stands twice in lists that were taken out for another mistake. */
const repeatedIn = (value: unknown, gone: readonly string[]): readonly string[] =>
  repeatedEntries(value).flatMap(({ place, problem }) =>
    gone.some((path) => path === place || place.startsWith(`${path}.`)) ? [problem] : [],
  );

/** The names of a path; of what is in a list those of the list: it is left out as a whole, so that the places of others stay right. */
function namesOf(path: readonly PropertyKey[]): readonly string[] {
  const list = path.findIndex((part) => typeof part === 'number');
  return (list < 0 ? path : path.slice(0, list)).map(String);
}

/** Takes out what these names lead to, or, if it is missing already, what is around it. Returns the place of what went. */
function without(value: unknown, names: readonly string[]): string {
  for (let length = names.length; length > 0; length -= 1) {
    const around = names
      .slice(0, length - 1)
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
    const last = names[length - 1] ?? '';
    if (typeof around !== 'object' || around === null || !Object.hasOwn(around, last)) continue;
    delete (around as Record<string, unknown>)[last];
    return names.slice(0, length).join('.');
  }
  return '';
}

// A setting that was taken out has its default, which nobody wrote.
function hangsOn(problem: string, gone: readonly string[]): boolean {
  const place = problem.slice(0, problem.indexOf(':')).replace(/\[\d+\].*/, '');
  const needed = place === 'inventoryEvery' ? [place, 'schedule'] : [place];
  return needed.some((one) => gone.some((path) => path === one || path.startsWith(`${one}.`) || one.startsWith(`${path}.`)));
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly expected?: unknown;
  readonly values?: readonly unknown[];
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly origin?: string;
  readonly errors?: readonly (readonly Issue[])[];
}

function sentences(issue: Issue): readonly string[] {
  const place = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => {
      const known = knownKeys(issue.path);
      const guess = didYouMean(key, known) ?? OTHER_WORDS.find(([word, meant]) => word.test(key) && known.includes(meant))?.[1];
      return `${pathText([...issue.path, key])}: there is no such setting.${guess ? ` Did you mean "${guess}"?` : ''}`;
    });
  }
  // A union says only that nothing fitted; where the list form was meant, its own complaints are the useful ones.
  const inner = issue.errors?.find((branch) => branch.length > 0 && branch.some((i) => i.path.length > 0));
  if (issue.code === 'invalid_union' && inner) return inner.flatMap((i) => sentences({ ...i, path: [...issue.path, ...i.path] }));
  return [`${place || 'the file'}: ${visible(plain(issue), 400)}`];
}

/** What people call a setting that has another name. */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(domains?|identity|names?|address(es)?)$/i, 'identities'],
  [/^domains?$/i, 'identity'],
];

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'must be text in double quotes',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list in square brackets',
  object: 'must be an object in curly brackets',
  record: 'must be an object in curly brackets',
};

function plain(issue: Issue): string {
  const missing = /received undefined$/.test(issue.message) ? ', and is missing' : '';
  if (issue.code === 'invalid_type') return `${EXPECTED[String(issue.expected)] ?? `must be ${String(issue.expected)}`}${missing}.`;
  if (issue.code === 'invalid_value') return `must be one of ${(issue.values ?? []).map((value) => JSON.stringify(value)).join(', ')}.`;
  if (issue.code === 'too_small') return `must be at least ${String(issue.minimum)}.`;
  if (issue.code === 'too_big') return `must be at most ${String(issue.maximum)}${issue.origin === 'array' ? ' entries' : ''}.`;
  return issue.message.replace(/^Invalid input: /, '');
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${nameOf(part)}`)).join('');
}

const nameOf = (part: PropertyKey): string =>
  looksLikeKey(String(part)) || mayHoldKeyPiece(String(part)) ? quoted(String(part)) : visible(String(part), 80);

/** The settings that exist where a misspelt one was found. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = configurationSchema;
  for (const part of path) {
    schema = unwrap(schema);
    schema =
      typeof part === 'number'
        ? (schema as { element?: unknown }).element
        : (schema as { shape?: Record<string, unknown> }).shape?.[String(part)];
  }
  const shape = (unwrap(schema) as { shape?: Record<string, unknown> } | undefined)?.shape;
  return Object.keys(shape ?? {});
}

function unwrap(schema: unknown): unknown {
  let inner = schema as { def?: { innerType?: unknown } } | undefined;
  for (let depth = 0; depth < 5 && inner?.def?.innerType !== undefined; depth += 1) inner = inner.def.innerType as typeof inner;
  return inner;
}

function* contradictions(value: Configuration): Generator<string> {
  const seen = new Set<string>();
  for (const [i, account] of value.accounts.entries()) {
    if (seen.has(account.id)) yield `accounts[${i}].id: ${account.id} stands in the list twice.`;
    seen.add(account.id);
  }
  yield* organizationContradictions(value.organization, value.accounts);
  if (value.inventoryEvery < value.schedule.minutes * 60_000) {
    yield 'inventoryEvery: must not be shorter than schedule, since the inventory is read during a sweep.';
  }
  const [first, ...rest] = value.regions === 'all' ? [] : value.regions;
  const foreign = rest.map((region) => regionProblem(region, first)).find((problem) => problem !== undefined);
  if (foreign !== undefined) yield `regions: ${foreign}`;
  if (value.dns.confirmAfter > 300_000) yield 'dns.confirmAfter: at most "5m", or a sweep would not end in time.';
  yield* exitContradictions(value.alerts);
  if (value.alerts.digest?.every === 'day' && value.alerts.digest.on !== undefined)
    yield 'alerts.digest.on: a daily digest comes every day; leave this out, or write "every": "week".';
  if (value.alerts.remindEvery < 3_600_000) yield 'alerts.remindEvery: at least "1h"; a reminder more often than that is noise.';
}
