// The servers of the DNS bench: one Knot with ten thousand zones, and an Unbound that really asks it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokensFor } from '../sandbox/aws/identities.ts';
import { KEY_2048 } from '../sandbox/dns/keys.ts';
import { closedPort } from '../test/dns/small-server.ts';
import { type Program, startProgram, type Where } from '../test/third-party/real-dns.ts';

export interface BenchServers {
  readonly knot: Where;
  readonly unbound: Where;
  /** Three names of CNAME records for each domain, as Easy DKIM has them. */
  readonly easy: readonly string[];
  /** One name for each domain, with a key of 2048 bits in a TXT record, as BYODKIM has it. */
  readonly own: readonly string[];
  close(): Promise<void>;
}

/** A selector and tags as some mail systems make them; with them an answer with a 2048-bit key passes the 512 bytes that go without EDNS. */
const SELECTOR = 'key-20260101-000000000000000000000000000000';
const TAGS = 'v=DKIM1; k=rsa; h=sha256; s=email; p=';

const REGION = 'eu-west-1';

const domainOf = (i: number): string => `customer-${i}.com`;

/** Starts both on loopback with `domains` zones. Throws with the program's own words if one does not come up. */
export async function startBenchServers(folder: string, domains: number): Promise<BenchServers> {
  const knot = { address: '127.0.0.1', port: await closedPort() };
  const unbound = { address: '127.0.0.1', port: await closedPort() };
  const zones = Array.from({ length: domains }, (_, i) => domainOf(i));
  const running: Program[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((program) => program.stop()));
  };
  try {
    running.push(await startKnot(join(folder, 'knot'), knot, zones));
    running.push(await startUnbound(join(folder, 'unbound'), unbound, knot, zones));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    knot,
    unbound,
    easy: zones.flatMap((zone) => tokensFor(zone, REGION).map((token) => `${token}._domainkey.${zone}`)),
    own: zones.map((zone) => `${SELECTOR}._domainkey.${zone}`),
    close,
  };
}

function zoneText(zone: string): string {
  const [head, tail] = [KEY_2048.slice(0, 200), KEY_2048.slice(200)];
  return [
    `$ORIGIN ${zone}.`,
    '$TTL 3600',
    '@ SOA ns1.hoster.net. hostmaster.hoster.net. 1 7200 900 1209600 60',
    '@ NS ns1.hoster.net.',
    ...tokensFor(zone, REGION).map((token) => `${token}._domainkey CNAME ${token}.dkim.amazonses.com.`),
    `${SELECTOR}._domainkey TXT "${TAGS}${head}" "${tail}"`,
    '',
  ].join('\n');
}

async function startKnot(folder: string, at: Where, zones: readonly string[]): Promise<Program> {
  await mkdir(folder, { recursive: true });
  for (const zone of zones) await writeFile(join(folder, `${zone}.zone`), zoneText(zone));
  const configuration = [
    'server:',
    `  rundir: "${folder}"`,
    `  listen: ${at.address}@${at.port}`,
    '  udp-workers: 1',
    '  tcp-workers: 1',
    '  background-workers: 1',
    'log:',
    '  - target: stderr',
    '    any: error',
    'database:',
    `  storage: "${folder}"`,
    'template:',
    '  - id: default',
    `    storage: "${folder}"`,
    '    file: "%s.zone"',
    '    journal-content: none',
    '    zonefile-sync: -1',
    'zone:',
    ...zones.map((zone) => `  - domain: ${zone}.`),
  ];
  await writeFile(join(folder, 'knot.conf'), `${configuration.join('\n')}\n`);
  return startProgram('knotd', ['-c', join(folder, 'knot.conf')], at, zones.at(-1) ?? '');
}

async function startUnbound(folder: string, at: Where, knot: Where, zones: readonly string[]): Promise<Program> {
  await mkdir(folder, { recursive: true });
  const configuration = [
    'server:',
    `  interface: ${at.address}`,
    `  port: ${at.port}`,
    '  outgoing-interface: 127.0.0.1',
    '  num-threads: 1',
    '  do-ip6: no',
    '  do-daemonize: no',
    '  do-not-query-localhost: no',
    '  access-control: 127.0.0.0/8 allow',
    '  incoming-num-tcp: 500',
    '  so-rcvbuf: 1m',
    '  msg-cache-size: 64m',
    '  rrset-cache-size: 128m',
    `  directory: "${folder}"`,
    '  chroot: ""',
    '  username: ""',
    '  pidfile: ""',
    '  use-syslog: no',
    '  verbosity: 0',
    '  module-config: "iterator"',
    'stub-zone:',
    '  name: "com."',
    `  stub-addr: ${knot.address}@${knot.port}`,
  ];
  await writeFile(join(folder, 'unbound.conf'), `${configuration.join('\n')}\n`);
  return startProgram('unbound', ['-d', '-c', join(folder, 'unbound.conf')], at, zones.at(-1) ?? '');
}
