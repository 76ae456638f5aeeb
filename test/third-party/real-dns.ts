// Starts real name servers (Knot) and a real resolver (Unbound) on loopback, with the zones of a sandbox world.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningDns } from '../../sandbox/dns/dns.ts';
import { closedPort } from '../dns/small-server.ts';
import { ask } from '../sandbox/ask.ts';

export interface Where {
  readonly address: string;
  readonly port: number;
}

export interface RealInternet {
  /** Where each name server's address really listens. */
  readonly routes: Readonly<Record<string, Where>>;
  readonly resolver: Where;
  /** Processes of name servers: those that serve the same zones share one. */
  readonly processes: number;
  /** Ends the process behind a name server's address. */
  stop(address: string): Promise<void>;
  close(): Promise<void>;
}

interface Machine {
  readonly addresses: readonly string[];
  /** Zone file texts by apex. */
  readonly zones: ReadonlyMap<string, string>;
}

/** Changes what one server holds of one zone; the text as it is for all others. */
export type ZoneEdit = (address: string, apex: string, text: string) => string;

/** Throws with the program's own words if one does not come up. */
export async function startRealInternet(world: RunningDns, edit: ZoneEdit = (_address, _apex, text) => text): Promise<RealInternet> {
  const directory = await mkdtemp(join(tmpdir(), 'real-dns-'));
  const machines = machinesOf(world, edit);
  const port = await closedPort();
  const routes: Record<string, Where> = {};
  for (const address of machines.flatMap((machine) => machine.addresses)) {
    routes[address] = { address: `127.0.0.${Object.keys(routes).length + 10}`, port };
  }
  const running: Program[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((program) => program.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const servers = await Promise.all(machines.map((machine, i) => startKnot(join(directory, `knot-${i}`), machine, routes)));
    running.push(...servers);
    // A resolver started before its servers takes them for dead.
    const resolver = { address: '127.0.0.1', port: await closedPort() };
    running.push(await startUnbound(join(directory, 'unbound'), resolver, world, routes));
    const stop = async (address: string): Promise<void> =>
      servers[machines.findIndex((machine) => machine.addresses.includes(address))]?.stop();
    return { routes, resolver, processes: servers.length, stop, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Servers with the same zones, in the same words, are one machine. */
function machinesOf({ control }: RunningDns, edit: ZoneEdit): readonly Machine[] {
  const held = new Map<string, Map<string, string>>();
  for (const apex of control.zones()) {
    for (const address of control.serversOf(apex)) {
      const zones = held.get(address) ?? new Map<string, string>();
      held.set(address, zones.set(apex, edit(address, apex, control.zoneFile(apex))));
    }
  }
  const machines = new Map<string, { addresses: string[]; zones: Map<string, string> }>();
  for (const [address, zones] of held) {
    const key = JSON.stringify([...zones].sort());
    const machine = machines.get(key) ?? { addresses: [], zones };
    machine.addresses.push(address);
    machines.set(key, machine);
  }
  return [...machines.values()];
}

async function startKnot(directory: string, machine: Machine, routes: Readonly<Record<string, Where>>): Promise<Program> {
  const at = machine.addresses.flatMap((address) => routes[address] ?? []);
  await writeFiles(directory, new Map([...machine.zones].map(([apex, text]) => [fileOf(apex), text])));
  const zones = [...machine.zones.keys()].map((apex) => `  - domain: "${apex}."\n    file: "${join(directory, fileOf(apex))}"`);
  const configuration = [
    'server:',
    `  rundir: "${directory}"`,
    `  listen: [ ${at.map((where) => `${where.address}@${where.port}`).join(', ')} ]`,
    'log:',
    '  - target: stderr',
    '    any: warning',
    'database:',
    `  storage: "${directory}"`,
    'template:',
    '  - id: default',
    '    journal-content: none',
    '    zonefile-sync: -1',
    'zone:',
    ...zones,
  ];
  await writeFile(join(directory, 'knot.conf'), `${configuration.join('\n')}\n`);
  const [apex = ''] = machine.zones.keys();
  return startProgram('knotd', ['-c', join(directory, 'knot.conf')], at[0], apex === '' ? '.' : apex);
}

/** Each zone is a stub with addresses and ports, for glue carries none; nothing leaves loopback. */
async function startUnbound(
  directory: string,
  at: Where,
  { control }: RunningDns,
  routes: Readonly<Record<string, Where>>,
): Promise<Program> {
  await writeFiles(directory, new Map());
  const stubs = control.zones().flatMap((apex) => [
    'stub-zone:',
    `  name: "${apex}."`,
    ...control.serversOf(apex).flatMap((address) => {
      const where = routes[address];
      return where === undefined ? [] : [`  stub-addr: ${where.address}@${where.port}`];
    }),
  ]);
  const configuration = [
    'server:',
    `  interface: ${at.address}`,
    `  port: ${at.port}`,
    '  outgoing-interface: 127.0.0.1',
    '  do-ip6: no',
    '  do-daemonize: no',
    '  do-not-query-localhost: no',
    '  access-control: 127.0.0.0/8 allow',
    `  directory: "${directory}"`,
    '  chroot: ""',
    '  username: ""',
    '  pidfile: ""',
    '  use-syslog: no',
    '  module-config: "iterator"',
    ...stubs,
  ];
  await writeFile(join(directory, 'unbound.conf'), `${configuration.join('\n')}\n`);
  return startProgram('unbound', ['-d', '-c', join(directory, 'unbound.conf')], at, '.');
}

export interface Program {
  stop(): Promise<void>;
}

/** Starts a program that stays in the foreground, and waits until it answers `SOA apex`. */
export async function startProgram(command: string, args: readonly string[], at: Where | undefined, apex: string): Promise<Program> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4000);
  });
  let ended = false;
  const end = new Promise<void>((resolve) => {
    const onEnd = (error?: unknown): void => {
      if (error instanceof Error) words += error.message;
      ended = true;
      resolve();
    };
    child.once('exit', () => onEnd());
    child.once('error', onEnd);
  });
  const program: Program = {
    async stop() {
      child.kill('SIGTERM');
      await end;
    },
  };
  for (let tries = 0; tries < 200 && !ended; tries += 1) {
    const told = await ask(at, apex, 'SOA', { rd: true, patienceMs: 50 });
    if (typeof told !== 'string' && told.rcode === 'NOERROR') return program;
    if (told === 'closed') await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 25))]);
  }
  await program.stop();
  throw new Error(`${command} did not come up: ${words}`);
}

async function writeFiles(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of files) await writeFile(join(directory, name), text);
}

function fileOf(apex: string): string {
  return `${apex === '' ? 'root' : apex}.zone`;
}
