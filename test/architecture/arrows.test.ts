// The house's arrows (docs/how-it-works.md): which room may know which. A new arrow is a decision, made here and written down.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Room → rooms it may import from. `type:` allows `import type` only. A room may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'lambda/model': [],
  'lambda/dkim': ['lambda/model'],
  'lambda/diagnosis': ['lambda/dkim', 'lambda/model'],
  'lambda/alerts': ['lambda/model'],
  'lambda/messages': ['lambda/diagnosis/catalog', 'lambda/diagnosis/report-finding', 'lambda/model'],
  'lambda/triggers': ['lambda/model'],
  'lambda/inventory': ['lambda/model', 'type:lambda/sweep/ports', 'type:lambda/doctor/ports'],
  'lambda/dns': ['lambda/model', 'type:lambda/sweep/ports', 'type:lambda/doctor/ports'],
  'lambda/memory': ['lambda/model', 'type:lambda/sweep/ports', 'type:lambda/doctor/ports'],
  'lambda/channel': ['lambda/model', 'type:lambda/sweep/ports', 'type:lambda/doctor/ports'],
  // A sweep that Step Functions runs: the same story, told in steps.
  'lambda/steps': ['lambda/sweep', 'lambda/model', 'lambda/diagnosis', 'lambda/alerts'],
  'lambda/sweep': ['lambda/model', 'lambda/dkim', 'lambda/diagnosis', 'lambda/alerts', 'lambda/messages'],
  'lambda/doctor': [
    'lambda/model',
    'lambda/dkim/region-zones',
    'lambda/messages/subscriptions-page',
    'lambda/settings',
    'lambda/sweep/in-parallel',
    'type:lambda/sweep/ports',
  ],
  // The doors of the function: handler, wiring and what reads settings.
  lambda: [
    'lambda/model',
    'lambda/sweep',
    'lambda/steps',
    'lambda/messages',
    'lambda/triggers',
    'lambda/doctor',
    'lambda/dkim/region-zones',
    'lambda/dkim/public-key-text',
    'wiring:lambda/inventory',
    'wiring:lambda/dns',
    'wiring:lambda/memory',
    'wiring:lambda/channel',
  ],
  lib: [
    'lambda/model',
    'lambda/settings',
    'lambda/configuration',
    'lambda/checked-configuration',
    'lambda/dkim/region-zones',
    'lambda/external-id',
    'lambda/organization-schema',
    'lambda/exits',
    'lambda/sweep/metrics',
    'lambda/steps/run',
    'lambda/inventory/actions',
    'lambda/memory/actions',
    'lambda/channel/actions',
    'lambda/triggers/listened',
  ],
  cli: [
    'lambda/wiring',
    'lambda/doctor',
    'lambda/doctor-call',
    'lambda/doctor-event',
    'lambda/doctor-targets',
    'lambda/doctor-plan',
    'lambda/doctor-wiring',
    'lambda/sweep-plan',
    'lambda/sweep',
    'lambda/messages',
    'lambda/model',
    'lambda/dkim',
    'lambda/diagnosis',
    'lambda/configuration',
    'lambda/settings',
    'lambda/server-address',
    'lambda/external-id',
    'lambda/did-you-mean',
    'lambda/durations',
  ],
  bin: ['lib', 'cli'],
  sandbox: [],
};

const PURE = ['lambda/model', 'lambda/dkim', 'lambda/diagnosis', 'lambda/alerts', 'lambda/messages', 'lambda/triggers'];
/** Of Node and npm, pure rooms may use only what always gives the same answer to the same values: tldts is a table with a function over it. */
const PURE_PACKAGES = ['node:crypto', 'node:url', 'node:buffer', 'tldts'];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)';|^import\s+'([^']+)';|\bimport\('([^']+)'\)/gm)];
  return found.map((match) => ({ file, from: match[2] ?? match[3] ?? match[4] ?? '', typeOnly: match[1] !== undefined }));
}

/** Path of the imported file below the root, without extension; undefined for packages. */
const targetOf = ({ file, from }: Import): string | undefined =>
  from.startsWith('.') ? normalize(relative(ROOT, join(ROOT, dirname(file), from))).replace(/\.ts$/, '') : undefined;

const inside = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);

const roomOf = (file: string): string => {
  const rooms = Object.keys(ALLOWED).filter((room) => inside(file, room));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? file;
};

/** The only files that put the world's rooms behind ports. */
const WIRING: readonly string[] = ['lambda/wiring.ts', 'lambda/doctor-wiring.ts'];

const doorFile = (file: string): boolean => dirname(file) === 'lambda';

function allowed(found: Import, target: string): boolean {
  const room = roomOf(found.file);
  if (roomOf(target) === room && !(room === 'lambda' && !doorFile(`${target}.ts`))) return true;
  return (ALLOWED[room] ?? []).some((entry) => {
    const [prefix, path] = entry.includes(':') ? entry.split(':') : ['', entry];
    if (!inside(target, path ?? '')) return false;
    if (prefix === 'type') return found.typeOnly;
    return prefix === 'wiring' ? WIRING.includes(found.file) : true;
  });
}

const all = ['lambda', 'lib', 'cli', 'bin', 'sandbox'].flatMap(filesOf).flatMap(importsOf);

test('there is something to check', () => {
  expect(all.length).toBeGreaterThan(150);
});

test('no import crosses a wall', () => {
  const wrong = all.flatMap((found) => {
    const target = targetOf(found);
    return target === undefined || allowed(found, target) ? [] : [`${found.file} must not import ${target}`];
  });
  expect(wrong).toEqual([]);
});

test('pure rooms use neither clock, environment, network nor chance', () => {
  const imports = all.filter(
    ({ file, from }) => PURE.some((room) => inside(file, room)) && !from.startsWith('.') && !PURE_PACKAGES.includes(from),
  );
  expect(imports.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  const impure =
    /\b(Date\.now\(|new Date\(\)|performance\.now|process\.(env|hrtime)|Math\.random|randomBytes|randomUUID|setTimeout|setInterval|fetch\()/;
  const texts = PURE.flatMap(filesOf).filter((file) =>
    impure.test(readFileSync(join(ROOT, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
  );
  expect(texts).toEqual([]);
});

test('every file opens with a sentence that says what lives there', () => {
  const bare = ['lambda', 'lib', 'cli', 'sandbox']
    .flatMap(filesOf)
    .filter((file) => !/^(#!.*\n)?\/\/ \S/.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(bare).toEqual([]);
});

test('no drawer names, no default exports, no barrel files', () => {
  const files = ['lambda', 'lib', 'cli', 'sandbox'].flatMap(filesOf);
  expect(
    files.filter((file) => /(^|\/)(utils?|helpers?|common|services?|misc)(\/|\.ts$)/.test(file) || file.endsWith('/index.ts')),
  ).toEqual([]);
  expect(files.filter((file) => /^export default/m.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

test('doors are small', () => {
  const long = filesOf('bin').filter((file) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length > 30);
  expect(long).toEqual([]);
});
