// Runs jest with what ES modules need. `--third-party` runs the tests against moto and real DNS servers instead; `--golden`
// writes the golden texts anew instead of comparing them; other arguments go to jest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const thirdParty = process.argv.includes('--third-party');
const golden = process.argv.includes('--golden');
const rest = process.argv.slice(2).filter((a) => a !== '--third-party' && a !== '--golden');
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
// After the given arguments: these options take every word that follows. The folder is a root, so that a given path narrows within it.
const select = thirdParty ? ['--runInBand', '--testPathIgnorePatterns', '/node_modules/', '--roots', 'test/third-party'] : [];
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...rest, ...select], {
  stdio: 'inherit',
  env: { ...process.env, ...(golden ? { UPDATE_GOLDEN: '1' } : {}) },
});
process.exit(status ?? 1);
