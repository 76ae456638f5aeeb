// Turns the handler into the one file that is deployed, with the configuration beside it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { CONFIG_FILE_IN_BUNDLE } from '../lambda/settings.ts';

const LAMBDA_FOLDER = fileURLToPath(new URL('../lambda', import.meta.url));

/** Value for the function's `handler`. */
export const HANDLER = 'index.handler';

/** The function's code as a CDK asset. Bundled by esbuild in this process: no Docker, and no shell whose quoting differs between systems. */
export function sweeperCode(configurationText: string): Code {
  return Code.fromAsset(LAMBDA_FOLDER, {
    // By content: a changed dependency is a changed function, a changed comment is not.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-pulled'),
      local: {
        tryBundle(folder) {
          bundleSweeper(folder, configurationText);
          return true;
        },
      },
    },
  });
}

/** Writes `index.mjs` and the configuration into `folder`. Throws what esbuild says if the handler does not compile. */
export function bundleSweeper(folder: string, configurationText: string): void {
  // Loaded only where it is used: esbuild refuses to load inside the tests' own globals.
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  buildSync({
    entryPoints: [join(LAMBDA_FOLDER, 'handler.ts')],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    mainFields: ['module', 'main'],
    // Packages that are not ES modules call `require` for Node's own modules.
    banner: { js: "import{createRequire as sesDkimRequire}from'node:module';const require=sesDkimRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  writeFileSync(join(folder, CONFIG_FILE_IN_BUNDLE), configurationText);
}
