#!/usr/bin/env node
// The command's entry: plain JavaScript for Node 20 and newer; the command itself is built by `npm ci` into dist/.
import { existsSync } from 'node:fs';

// The SDK's notice about Node versions is for this package's developers, not for its users' terminals.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const built = new URL('../dist/dkim-monitor.mjs', import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('dkim-monitor is not built yet. Run: npm ci\n');
  process.exitCode = 70;
}
