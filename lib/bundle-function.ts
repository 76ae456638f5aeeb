// Turns the handler into the files that are deployed: `index.mjs`, and chunks that are loaded when something first needs them.
import { readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { compactTables } from './compact-tables.ts';
import { pastBarrels } from './past-barrels.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Writes the function's files into `folder`, and says what each is made of. Rejects with what esbuild says if the handler does not compile. */
export async function bundleFunction(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { index: path('../lambda/handler.ts') },
    outdir: folder,
    absWorkingDir: path('..'),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [ownCredentials, literalSchemaKeys, versionsOnly, pastBarrels, compactTables],
  });
  return dropUnreachable(metafile);
}

/** Lambda gives a function its role's keys in the environment: the SDK's other sources (profiles, SSO, containers, machines) are left out. */
const ownCredentials: Plugin = {
  name: 'own-credentials',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, ({ path: file }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: dirname(file),
    }));
  },
};

/**
 * The clients' schemas name keys by constants, `{ [_h]: … }`, which esbuild must take for a call of `toString`: it keeps the schemas of every command.
 * With the constants' own text as keys it keeps those that are used.
 */
const literalSchemaKeys: Plugin = {
  name: 'literal-schema-keys',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist-es[\\/].*schemas_\d+\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const literals = new Map([...text.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name = '', value = '']) => [name, value]));
      return {
        contents: text.replace(/\[(_\w+)\]:/g, (key, name: string) => (literals.has(name) ? `${literals.get(name)}:` : key)),
        loader: 'js',
      };
    });
  },
};

/** The clients read their version out of their own package.json; nothing reads the rest of it. */
const versionsOnly: Plugin = {
  name: 'versions-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@(aws-sdk|smithy)[\\/].*package\.json$/ }, async ({ path: file }) => {
      const { name, version } = JSON.parse(await readFile(file, 'utf8')) as { readonly name: string; readonly version: string };
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** A file for each `import()` is written, also where only code that was left out would ever call it. */
async function dropUnreachable(metafile: Metafile): Promise<Metafile> {
  const { outputs } = metafile;
  const reached = new Set(Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === 'lambda/handler.ts'));
  // A set is walked to its end, what is added on the way included.
  for (const file of reached) for (const one of outputs[file]?.imports ?? []) if (one.path in outputs) reached.add(one.path);
  const dropped = Object.keys(outputs).filter((file) => !reached.has(file));
  await Promise.all(dropped.map((file) => rm(resolve(path('..'), file))));
  return { ...metafile, outputs: Object.fromEntries(Object.entries(outputs).filter(([file]) => reached.has(file))) };
}
