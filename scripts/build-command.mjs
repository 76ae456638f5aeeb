// Builds the command as plain JavaScript into dist/, and links it, because npm does not link a package's own command into its own node_modules/.bin.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, root));

// Installed without development packages: there is nothing to build with, and a deployed package carries dist/ already.
if (!existsSync(path('node_modules/esbuild'))) process.exit(0);

const { build } = await import('esbuild');
await build({
  entryPoints: [path('cli/main.ts')],
  outfile: path('dist/dkim-monitor.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  // Bundled CommonJS packages call require, which ES modules do not have.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  legalComments: 'none',
  logLevel: 'warning',
});

const bin = path('node_modules/.bin/');
mkdirSync(bin, { recursive: true });
const entry = path('bin/dkim-monitor.js');
chmodSync(entry, 0o755);
if (process.platform === 'win32') {
  writeFileSync(`${bin}dkim-monitor.cmd`, '@node "%~dp0\\..\\..\\bin\\dkim-monitor.js" %*\r\n');
} else {
  rmSync(`${bin}dkim-monitor`, { force: true });
  symlinkSync('../../bin/dkim-monitor.js', `${bin}dkim-monitor`);
}
