// Everything that can be checked without running the product: types, lint and format, arrows, generated documents, synth, templates. Stops at nothing, fails at the end.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;
const failed = [];
let passed = 0;

const examples = mkdtempSync(join(tmpdir(), 'dkim-monitor-check-'));

/** An example as whoever uses it leaves it: with an external id made by chance in the place of the one that the example shows, and that is refused. */
function example(name) {
  const text = readFileSync(root + name, 'utf8').replace('run-dkim-monitor-init-for-one', randomBytes(24).toString('base64url'));
  writeFileSync(join(examples, name), text);
  return join(examples, name);
}

function check(title, command, args) {
  process.stdout.write(`— ${title}\n`);
  const env = { ...process.env, CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) process.stdout.write(`  ${command}: ${error.message}\n`);
  if (status === 0) passed += 1;
  else failed.push(title);
}

check('types', bin('tsc'), ['--noEmit', '-p', '.']);
check('lint and format', bin('biome'), ['check', '--error-on-warnings', '.']);
check('architecture arrows', process.execPath, ['scripts/run-tests.mjs', 'test/architecture']);
check('generated documents are current', bin('tsx'), ['scripts/generate-docs.ts', '--check']);
check('cdk synth: the monitor', bin('cdk'), [
  'synth',
  '--quiet',
  '--no-notices',
  '-c',
  `config=${example('monitor.config.example.json')}`,
  '-o',
  'cdk.out',
]);
check('cdk synth: the monitor over an organisation', bin('cdk'), [
  'synth',
  '--quiet',
  '--no-notices',
  '-c',
  `config=${example('monitor.config.organization.example.json')}`,
  '-o',
  'cdk.out/organization',
]);
check('cdk synth: the member role', bin('cdk'), [
  'synth',
  '--quiet',
  '--no-notices',
  '--app',
  'npx tsx bin/member.ts',
  '-c',
  'hub=111111111111',
  '-c',
  'externalId=Qm3xN8vLr2TzKd7WbYp0',
  '-o',
  'cdk.out/member',
]);

check('cdk synth: forwarding from other regions', bin('cdk'), [
  'synth',
  '--quiet',
  '--no-notices',
  '--app',
  'npx tsx bin/forward.ts',
  '-c',
  'hub=111111111111',
  '-c',
  'forwardTo=eu-west-1',
  '-o',
  'cdk.out/forward',
]);

check('cdk synth: the monitor of a very large estate', bin('cdk'), [
  'synth',
  '--quiet',
  '--no-notices',
  '-c',
  'config=test/lib/large-estate.config.json',
  '-o',
  'cdk.out/steps',
]);
rmSync(examples, { recursive: true });

const templates = ['templates', 'cdk.out', 'cdk.out/organization', 'cdk.out/member', 'cdk.out/forward', 'cdk.out/steps'].flatMap(
  (folder) => {
    try {
      return readdirSync(root + folder)
        .filter((name) => name.endsWith('.template.json'))
        .map((name) => `${folder}/${name}`);
    } catch {
      return [];
    }
  },
);
if (templates.length < 6) failed.push('templates to lint (synth wrote none)');
// W3005: the CDK adds DependsOn that CloudFormation would infer; harmless.
else check('template lint (cfn-lint)', 'cfn-lint', ['-i', 'W3005', '--', ...templates]);

process.stdout.write(`\n${passed} passed, ${failed.length} failed\n`);
for (const title of failed) process.stdout.write(`failed: ${title}\n`);
process.exit(failed.length === 0 ? 0 : 1);
