// Leads imports of the SDK's core past the files that only re-export, so that each chunk of the function gets what it uses and no more.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/** By the name that is exported: the file that holds it, as the barrel writes it, and its name there. */
type Barrel = ReadonlyMap<string, { readonly from: string; readonly name: string }>;

const NAMED_IMPORT = /^import \{([^}]*)\} from "(@(?:smithy|aws-sdk)\/core\/[^"]+)";$/gm;
const NAMED_EXPORT = /^export \{([^}]*)\} from "([^"]+)";$/gm;

/**
 * The SDK's core is imported through files that only export what others hold. esbuild counts all that such a file names as reached by whoever imports it, and
 * would put the protocols of SES and SNS into what is loaded at once, because S3 uses another one of them. So each import is led to the file that holds the name.
 * An import of a form that is not known here stays as it is: it costs size, never sense.
 */
export const pastBarrels: Plugin = {
  name: 'past-barrels',
  setup({ onLoad, resolve: find }) {
    const barrels = new Map<string, Promise<Barrel>>();
    const barrelAt = (file: string): Promise<Barrel> => {
      const read = barrels.get(file) ?? readBarrel(file);
      barrels.set(file, read);
      return read;
    };
    const found = async (spec: string, importer: string): Promise<string> =>
      (await find(spec, { kind: 'import-statement', importer, resolveDir: dirname(importer) })).path;

    async function ledPast(statement: string, names: string, spec: string, importer: string): Promise<string> {
      const file = await found(spec, importer);
      const barrel = await barrelAt(file);
      const led: string[] = [];
      for (const { outer, inner } of namesOf(names)) {
        const held = barrel.get(outer);
        if (held === undefined) return statement;
        led.push(`import { ${held.name} as ${inner} } from ${JSON.stringify(await found(held.from, file))};`);
      }
      return led.join(' ');
    }

    onLoad({ filter: /[\\/]@(aws-sdk|smithy)[\\/].*\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const imports = [...text.matchAll(NAMED_IMPORT)];
      const led = await Promise.all(imports.map(([statement, names = '', spec = '']) => ledPast(statement, names, spec, file)));
      const contents = imports.reduce((changed, [statement], i) => changed.replace(statement, () => led[i] ?? statement), text);
      return { contents, loader: 'js' };
    });
  },
};

async function readBarrel(file: string): Promise<Barrel> {
  const text = await readFile(file, 'utf8');
  return new Map(
    [...text.matchAll(NAMED_EXPORT)].flatMap(([, names = '', from = '']) =>
      namesOf(names).map(({ outer, inner }) => [inner, { from, name: outer }] as const),
    ),
  );
}

/** `a, b as c`: the names outside, and what they are called inside. */
function namesOf(list: string): readonly { readonly outer: string; readonly inner: string }[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => {
      const [outer = one, inner = outer] = one.split(/\s+as\s+/);
      return { outer, inner };
    });
}
