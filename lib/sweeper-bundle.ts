// The function's code as it is deployed: the bundled handler, with the configuration beside it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { checkedText } from '../lambda/checked-configuration.ts';
import { parseConfigurationText } from '../lambda/configuration.ts';
import { CHECKED_CONFIG_FILE, CONFIG_FILE_IN_BUNDLE } from '../lambda/settings.ts';

const LAMBDA_FOLDER = fileURLToPath(new URL('../lambda', import.meta.url));
const BUNDLER = new URL('bundle-function.ts', import.meta.url).href;

/** Value for the function's `handler`. */
export const HANDLER = 'index.handler';

/** The function's code as a CDK asset. Bundled by esbuild: no Docker, and no shell whose quoting differs between systems. */
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

/** Writes the function's files and the configuration into `folder`. Throws what esbuild says if the handler does not compile. */
export function bundleSweeper(folder: string, configurationText: string): void {
  // In a process of its own: plugins of esbuild are asynchronous, and CDK does not wait.
  const { resolve } = createRequire(import.meta.url);
  const script = `import(${JSON.stringify(BUNDLER)}).then(({ bundleFunction }) => bundleFunction(${JSON.stringify(folder)}))`;
  const { status, stderr, error } = spawnSync(process.execPath, ['--import', pathToFileURL(resolve('tsx')).href, '--eval', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`The function could not be bundled: ${stderr}`, { cause: error });
  const read = parseConfigurationText(configurationText);
  if (!read.ok) throw new Error(`The configuration cannot be used: ${read.problems.join(' · ')}`);
  writeFileSync(join(folder, CONFIG_FILE_IN_BUNDLE), configurationText);
  writeFileSync(join(folder, CHECKED_CONFIG_FILE), checkedText(configurationText, read.value));
}
