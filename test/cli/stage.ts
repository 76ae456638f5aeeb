// A sandbox with a configuration for it, and the command run in it: what the tests of single commands share.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { World } from '../../sandbox/world.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Stage {
  readonly sandbox: Sandbox;
  /** Path of the configuration. */
  readonly config: string;
  /** Puts more into the configuration. */
  readonly configure: (more: object) => void;
  readonly close: () => Promise<void>;
}

/** Any C0 or C1 control character but the line feed. */
export const hasControls = (text: string): boolean => [...text].some((c) => c !== '\n' && (c < ' ' || (c >= '\u007f' && c <= '\u009f')));

/** Starts the world, writes a configuration that leads to it, and sets the SDK's environment for `account`. */
export async function openStage(world: World, account: string): Promise<Stage> {
  const environment = { ...process.env };
  const sandbox = await startSandbox(world);
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
  const config = join(folder, 'config.json');
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const routes = Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)]));
  const dns = { resolvers: [at(sandbox.resolver)], routes, rootHints: sandbox.rootHints, confirmAfter: '1s' };
  const configure = (more: object): void => writeFileSync(config, JSON.stringify({ ses: { callsPerSecond: 50 }, dns, ...more }));
  configure({});
  process.env = { PATH: environment.PATH, ...sandbox.environment(account, 'us-east-1') };
  return {
    sandbox,
    config,
    configure,
    close: async () => {
      process.env = environment;
      rmSync(folder, { recursive: true, force: true });
      await sandbox.close();
    },
  };
}

/** The command with these arguments, at a terminal of `width` columns. */
export async function run(argv: readonly string[], width = 100, environment: Terminal['environment'] = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    color: false,
    width,
    progressWidth: width - 1,
    environment,
  };
  return { code: await main(argv, terminal), out, err };
}
