// `dkim-monitor check`: one domain, judged by DNS alone.
import { randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import type { Configuration } from '../lambda/configuration.ts';
import { regionZone } from '../lambda/dkim/region-zones.ts';
import { domainPage } from '../lambda/messages/terminal.ts';
import { type DnsName, type Parsed, parseDnsName, parseRegion, quoted, type Region } from '../lambda/model/names.ts';
import type { ReportIdentity } from '../lambda/model/report.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { type CheckWorld, checkDomain, checkIdentity, type Expected } from '../lambda/sweep/check-domain.ts';
import { openConfiguredDns, openConfiguredInventory } from '../lambda/wiring.ts';
import { BlindError, EXIT, UsageError } from './exit.ts';
import { findHome } from './home.ts';
import { type DnsFlags, loadConfiguration, value } from './load-configuration.ts';
import { addDnsOptions } from './sweep.ts';
import { progressOn, type Terminal } from './terminal.ts';

interface Flags extends DnsFlags {
  readonly token?: readonly string[];
  readonly selector?: string;
  readonly publicKey?: string;
  readonly zone?: string;
  readonly region?: string;
  readonly json?: boolean;
}

const EASY_TOKENS = 3;

const collect = (text: string, previous: readonly string[] = []): readonly string[] => [...previous, text];

const EXAMPLES = `
Examples:
  dkim-monitor check example.com --selector s1
  dkim-monitor check example.com --selector s1 --public-key MIIBIjANBgkq…
  dkim-monitor check example.com --token abc… --token def… --token ghi…
  dkim-monitor check example.com --token abc… --token def… --token ghi… --region eu-south-1      the region decides the zone of the targets
  dkim-monitor check example.com --selector s1 --resolver 1.1.1.1
  dkim-monitor check example.com --region eu-west-1                      what SES expects there, with your AWS credentials

The three tokens of Easy DKIM stand in the SES console, and in: aws sesv2 get-email-identity --email-identity example.com
With --token or --selector no AWS credentials are needed: nothing but DNS is asked.
`;

export function checkCommand(terminal: Terminal, done: (code: number) => void): Command {
  return addDnsOptions(new Command('check'))
    .description('Judge one domain: by DNS alone, without AWS, or as SES knows it in one region.')
    .argument('<domain>', 'the domain that SES sends for')
    .option('--token <token>', 'a token of Easy DKIM (give all three)', collect)
    .option('--selector <selector>', 'the selector of your own key (BYODKIM)')
    .option('--public-key <base64>', 'the public key that must be published (with --selector)')
    .option('--region <region>', 'alone: read the identity from SES there; with --token: decides the zone of the CNAME targets')
    .option('--zone <zone>', 'the zone of the CNAME targets itself (SigningHostedZone)')
    .option('--json', 'print the result as JSON, and nothing else, on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (domain: string, flags: Flags) => done(await check(domain, flags, terminal)));
}

async function check(domain: string, flags: Flags, terminal: Terminal): Promise<number> {
  const { region, ...rest } = flags;
  const configuration = loadConfiguration(rest);
  const name = sendingDomain(domain);
  const bySes = region !== undefined && flags.token === undefined && flags.selector === undefined && flags.publicKey === undefined;
  const asked = bySes ? value(parseRegion(region)) : expectedOf(name, flags);
  const dns = openConfiguredDns(configuration);
  const drawn = progressOn(terminal, Date.now);
  const world: CheckWorld = {
    dns,
    clock: Date.now,
    sleep: async (ms) => wait(ms),
    randomLabel: () => `x${randomBytes(8).toString('hex')}`,
    confirmAfterMs: configuration.dns.confirmAfter,
    toPaste: flags.json !== true,
    progress: drawn.progress,
  };
  try {
    const found = typeof asked === 'string' ? await checkBySes(asked, name, configuration, world) : await checkDomain(asked, world);
    drawn.end();
    const now = new Date().toISOString();
    terminal.out(
      flags.json === true
        ? `${JSON.stringify(found, undefined, 2)}\n`
        : domainPage(found, { width: terminal.width, color: terminal.color, now }),
    );
    if (found.diagnosis === 'broken') return EXIT.trouble;
    return found.diagnosis === 'unknown' ? EXIT.blind : EXIT.fine;
  } finally {
    drawn.end();
    dns.close();
  }
}

/** A domain that mail can be sent for: not an address, not a top-level domain. */
export function sendingDomain(text: string): DnsName {
  const name = value(parseDnsName(text));
  if (isIPv4(name)) throw new UsageError(`${quoted(text)} is an IP address: give the domain that stands after the @ of the sender.`);
  if (!name.includes('.'))
    throw new UsageError(`${quoted(text)} is not a domain that mail is sent for: it has no dot, such as in "example.com".`);
  return name;
}

async function checkBySes(region: Region, domain: DnsName, configuration: Configuration, world: CheckWorld): Promise<ReportIdentity> {
  const home = { ...(await findHome({ ...configuration, regions: [region] })), region };
  const inventory = openConfiguredInventory(configuration, home, () => {});
  try {
    const checked = await checkIdentity(home, domain, configuration.byodkim, { ...world, inventory });
    if (checked.kind === 'checked') return checked.result;
    const where = `account ${home.account}, ${region}`;
    if (checked.kind === 'no-such-identity')
      throw new UsageError(
        `SES has no identity ${domain} in ${where}. Identities are regional: try another --region, or dkim-monitor sweep.`,
      );
    throw new BlindError(`SES in ${where} could not be read. To see why: dkim-monitor sweep --region ${region}`);
  } finally {
    inventory.close();
  }
}

function expectedOf(domain: DnsName, flags: Flags): Expected {
  const tokens = flags.token ?? [];
  if (tokens.length > 0 && flags.selector !== undefined)
    throw new UsageError('Give either --token (Easy DKIM) or --selector (your own key), not both.');
  if (flags.selector !== undefined) {
    const publicKey = flags.publicKey === undefined ? {} : { publicKey: value(parsePublicKey(flags.publicKey)) };
    return { kind: 'byodkim', domain, selector: value(parseLabel(flags.selector, '--selector')), ...publicKey };
  }
  if (flags.publicKey !== undefined) throw new UsageError('--public-key goes with --selector.');
  if (tokens.length === 0) {
    throw new UsageError(
      `What should be published for ${domain}? Give --token three times (Easy DKIM) or --selector (your own key). Selectors are never guessed.`,
    );
  }
  const different = [...new Set(tokens.map((token) => value(parseLabel(token, '--token'))))];
  if (different.length > EASY_TOKENS) throw new UsageError(`Easy DKIM has three different tokens; ${different.length} were given.`);
  return { kind: 'easy', domain, tokens: different, zone: zoneOf(flags) };
}

function zoneOf(flags: Flags): DnsName {
  if (flags.zone !== undefined) return value(parseDnsName(flags.zone));
  const region = value(parseRegion(flags.region ?? 'us-east-1'));
  const zone = regionZone(region);
  if (zone === undefined)
    throw new UsageError(`The zone of the CNAME targets in ${region} is not known: give it with --zone (SES calls it SigningHostedZone).`);
  return zone;
}

/** Tokens and selectors are one DNS label; people often paste the whole record name. */
function parseLabel(text: string, flag: string): Parsed<string> {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text)) return { ok: true, value: text.toLowerCase() };
  const whole = /^([a-z0-9][a-z0-9-]{0,62})\._domainkey(\.|$)/i.exec(text);
  const hint = whole ? ` Only the part before "._domainkey" is meant: ${whole[1]}.` : '';
  return { ok: false, problem: `${flag} takes 1 to 63 letters and digits, not ${quoted(text)}.${hint}` };
}

function parsePublicKey(text: string): Parsed<string> {
  const bare = text.replace(/\s+/g, '').replace(/^p=/, '');
  if (/^[A-Za-z0-9+/]{50,}={0,2}$/.test(bare)) return { ok: true, value: bare };
  return { ok: false, problem: `--public-key takes the base64 text that stands after p= in the record, not "${visible(text, 40)}".` };
}
