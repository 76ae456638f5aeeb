// `dkim-monitor check`: one domain, judged by DNS alone.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import type { Configuration } from '../lambda/configuration.ts';
import { domainPage } from '../lambda/messages/terminal.ts';
import { tracePage } from '../lambda/messages/trace-page.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { CheckedIdentity } from '../lambda/model/dns-view.ts';
import { type DnsName, parseRegion, quoted, type Region } from '../lambda/model/names.ts';
import type { Trace } from '../lambda/model/trace.ts';
import { checkAddress } from '../lambda/sweep/check-address.ts';
import { type CheckWorld, checkDomain, checkIdentity } from '../lambda/sweep/check-domain.ts';
import { createTracer } from '../lambda/sweep/tracer.ts';
import { openConfiguredDns, openConfiguredInventory } from '../lambda/wiring.ts';
import { BlindError, EXIT, UsageError } from './exit.ts';
import {
  addExpectedOptions,
  addressIn,
  domainNotAddress,
  type ExpectedFlags,
  expectedOf,
  saysWhatIsExpected,
  selectorDoubt,
} from './expected.ts';
import { findHome } from './home.ts';
import { type DnsFlags, loadConfiguration, value } from './load-configuration.ts';
import { addDnsOptions } from './sweep.ts';
import { progressOn, type Terminal } from './terminal.ts';

interface Flags extends DnsFlags, ExpectedFlags {
  readonly region?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ${COMMAND} check example.com --selector s1
  ${COMMAND} check example.com --selector s1 --public-key MIIBIjANBgkq…
  ${COMMAND} check example.com --token abc… --token def… --token ghi…
  ${COMMAND} check example.com --token abc… --token def… --token ghi… --region eu-south-1      the region decides the zone of the targets
  ${COMMAND} check example.com --selector s1 --resolver 1.1.1.1
  ${COMMAND} check example.com --region eu-west-1                      what SES expects there, with your AWS credentials
  ${COMMAND} check news@example.com --region eu-west-1                 an address: do its own DKIM settings override its domain's?
  ${COMMAND} check example.com --region eu-west-1 --explain            every question, server and answer, in order

The three tokens of Easy DKIM stand in the SES console, and in: aws sesv2 get-email-identity --email-identity example.com
With --token or --selector no AWS credentials are needed: nothing but DNS is asked.
`;

export function checkCommand(terminal: Terminal, done: (code: number) => void): Command {
  const command = new Command('check')
    .description('Judge one domain: by DNS alone, without AWS, or as SES knows it in one region.')
    .argument('<domain>', 'the domain that SES sends for; with --region also an address')
    .option('--region <region>', 'alone: read the identity from SES there; with --token: decides the zone of the CNAME targets');
  return addDnsOptions(addExpectedOptions(command))
    .option('--explain', 'then show every question that was asked, with its answer and why')
    .option('--json', 'print the result as JSON, and nothing else, on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (domain: string, flags: Flags) => done(await check(domain, flags, terminal)));
}

async function check(domain: string, flags: Flags, terminal: Terminal): Promise<number> {
  const { region, ...rest } = flags;
  const configuration = loadConfiguration(rest);
  const from = region === undefined || saysWhatIsExpected(flags) ? undefined : value(parseRegion(region));
  const address = from === undefined ? undefined : addressIn(domain);
  const name = address?.domain ?? domainNotAddress(domain, 'check', region === undefined ? [] : [region]);
  const asked = from ?? expectedOf('check', name, flags, region);
  const tracer = flags.explain === true ? createTracer() : undefined;
  const dns = openConfiguredDns(configuration, undefined, tracer?.heard);
  const drawn = progressOn(terminal, Date.now);
  const world: CheckWorld = {
    dns,
    clock: Date.now,
    sleep: async (ms) => wait(ms),
    randomLabel: () => `x${randomBytes(8).toString('hex')}`,
    confirmAfterMs: configuration.dns.confirmAfter,
    toPaste: flags.json !== true,
    progress: drawn.progress,
    ...(tracer === undefined ? {} : { tracer }),
  };
  try {
    const found =
      typeof asked === 'string' ? await checkBySes(asked, address ?? name, configuration, world) : await checkDomain(asked, world);
    drawn.end();
    terminal.out(shown(found, tracer?.trace(), flags, terminal));
    const doubt =
      typeof asked === 'string'
        ? undefined
        : selectorDoubt(
            asked,
            found.findings.map(({ kind }) => kind),
            region,
          );
    if (doubt !== undefined) terminal.err(`dkim-monitor: ${doubt}\n`);
    if (found.diagnosis === 'broken') return EXIT.trouble;
    return found.diagnosis === 'unknown' ? EXIT.blind : EXIT.fine;
  } finally {
    drawn.end();
    dns.close();
  }
}

function shown(found: CheckedIdentity, trace: Trace | undefined, { json }: Flags, { width, color }: Terminal): string {
  if (json === true) {
    const asked = trace === undefined ? {} : { trace: trace.entries, ...(trace.omitted > 0 ? { traceOmitted: trace.omitted } : {}) };
    return `${JSON.stringify({ schema: 1, ...found, ...asked }, undefined, 2)}\n`;
  }
  const screen = { width, color, now: new Date().toISOString() };
  return `${domainPage(found, screen)}${trace === undefined ? '' : `\n${tracePage(trace, screen)}`}`;
}

type Address = NonNullable<ReturnType<typeof addressIn>>;

async function checkBySes(
  region: Region,
  asked: DnsName | Address,
  configuration: Configuration,
  world: CheckWorld,
): Promise<CheckedIdentity> {
  const home = { ...(await findHome({ ...configuration, regions: [region] })), region };
  const inventory = openConfiguredInventory(configuration, home, () => {});
  const where = `account ${home.account}, ${region}`;
  try {
    const checked =
      typeof asked === 'string'
        ? await checkIdentity(home, asked, configuration.byodkim, { ...world, inventory })
        : await checkAddress(home, asked.address, asked.domain, { ...world, inventory });
    if (checked.kind === 'checked') return checked.result;
    if (checked.kind === 'no-such-identity')
      throw new UsageError(typeof asked === 'string' ? noDomain(asked, where) : noAddress(asked, where, region));
    throw new BlindError(`SES in ${where} could not be read. To see why: ${COMMAND} sweep --region ${region}`);
  } finally {
    inventory.close();
  }
}

const noDomain = (domain: DnsName, where: string): string =>
  `SES has no identity ${domain} in ${where}. Identities are regional: try another --region, or ${COMMAND} sweep.`;

const noAddress = ({ address, domain }: Address, where: string, region: Region): string =>
  `SES has no identity ${quoted(address)} in ${where}: mail from it is signed as its domain is, if that is an identity there. Ask for that: ${COMMAND} check ${domain} --region ${region}`;
