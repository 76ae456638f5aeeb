// `dkim-monitor records`: what DNS must hold for one identity, in every form that people paste.
import { Command, Option } from 'commander';
import type { Configuration } from '../lambda/configuration.ts';
import { RECORD_FORMATS, type RecordFormat, recordsNotes, recordsPage, recordsToPaste } from '../lambda/messages/records-page.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { type DnsName, parseRegion, type Region } from '../lambda/model/names.ts';
import type { RecordSheet } from '../lambda/model/record-sheet.ts';
import { findZone, recordsAsTyped, recordsBySes, type Zone } from '../lambda/sweep/expected-records.ts';
import { openConfiguredDns, openConfiguredInventory } from '../lambda/wiring.ts';
import { EXIT, UsageError } from './exit.ts';
import { addExpectedOptions, collect, domainNotAddress, type ExpectedFlags, expectedOf, saysWhatIsExpected } from './expected.ts';
import { findHome } from './home.ts';
import { type DnsFlags, loadConfiguration, value } from './load-configuration.ts';
import { addDnsOptions } from './sweep.ts';
import type { Terminal } from './terminal.ts';

interface Flags extends DnsFlags, ExpectedFlags {
  readonly region?: readonly string[];
  readonly format: RecordFormat | 'all' | 'json';
  /** False for `--no-dns`. */
  readonly dns: boolean;
}

/** Milliseconds that the question for the zone may take: without an answer names are given in full. */
const ZONE_MS = 15_000;

const EXAMPLES = `
Examples:
  ${COMMAND} records example.com --region eu-west-1                          what SES expects there, with your AWS credentials
  ${COMMAND} records example.com --region eu-west-1 --region us-east-1       each region has its own records
  ${COMMAND} records example.com --region eu-west-1 --format bind >> zone    nothing else on standard output
  ${COMMAND} records example.com --token abc… --token def… --token ghi… --format terraform
  ${COMMAND} records example.com --selector s1 --public-key MIIBIjANBgkq… --no-dns

Asks DNS only for the zone that holds the records, so that names can be given relative to it. Whether they are published: ${COMMAND} check

Exit codes: 0 the records were printed · 2 for a region they are not known, or there are none · 64 wrong usage, or SES knows the identity in none of the regions
`;

export function recordsCommand(terminal: Terminal, done: (code: number) => void): Command {
  const command = new Command('records')
    .description('Print the records that DNS must hold for one identity, in every form that people paste.')
    .argument('<identity>', 'the domain that SES sends for')
    .option(
      '--region <region>',
      'read the identity from SES there (repeatable); with --token: decides the zone of the CNAME targets',
      collect,
    );
  return addDnsOptions(addExpectedOptions(command))
    .addOption(new Option('--format <format>', 'one form alone, or all of them').choices([...RECORD_FORMATS, 'all', 'json']).default('all'))
    .option('--no-dns', 'do not ask DNS for the zone: names are given in full')
    .addHelpText('after', EXAMPLES)
    .action(async (identity: string, flags: Flags) => done(await records(identity, flags, terminal)));
}

async function records(identity: string, flags: Flags, terminal: Terminal): Promise<number> {
  const { region: _, ...rest } = flags;
  const configuration = loadConfiguration(rest);
  const domain = domainNotAddress(identity, 'records', flags.region ?? []);
  const regions = [...new Set((flags.region ?? []).map((region) => value(parseRegion(region))))];
  const [first] = regions;
  const found =
    first !== undefined && !saysWhatIsExpected(flags)
      ? await bySes(domain, [first, ...regions.slice(1)], configuration, flags)
      : await asTyped(domain, regions, configuration, flags);
  return show(found, flags.format, terminal);
}

async function asTyped(domain: DnsName, regions: readonly Region[], configuration: Configuration, flags: Flags): Promise<RecordSheet> {
  if (regions.length > 1) throw new UsageError('With --token or --selector give one --region at most: they belong to one.');
  const expected = expectedOf('records', domain, flags, regions[0]);
  return recordsAsTyped(expected, await zoneOf(domain, configuration, flags));
}

async function bySes(
  domain: DnsName,
  regions: readonly [Region, ...Region[]],
  configuration: Configuration,
  flags: Flags,
): Promise<RecordSheet> {
  const home = await findHome({ ...configuration, regions: [...regions] });
  const inventory = openConfiguredInventory(configuration, { ...home, region: regions[0] }, () => {});
  try {
    const zone = await zoneOf(domain, configuration, flags);
    const targets = regions.map((region) => ({ account: home.account, region }));
    const found = await recordsBySes(domain, targets, configuration.byodkim, zone, { inventory, clock: Date.now });
    if (found.places.every(({ why }) => why === 'no-identity'))
      throw new UsageError(
        `SES has no identity ${domain} in account ${home.account}, ${regions.join(', ')}. Identities are regional: try another --region, or ${COMMAND} sweep.`,
      );
    return found;
  } finally {
    inventory.close();
  }
}

async function zoneOf(domain: DnsName, configuration: Configuration, { dns: asked }: Flags): Promise<Zone> {
  if (!asked) return { unknown: 'DNS was not asked (--no-dns).' };
  const dns = openConfiguredDns(configuration, AbortSignal.timeout(ZONE_MS));
  try {
    return await findZone(domain, dns);
  } finally {
    dns.close();
  }
}

function show(found: RecordSheet, format: Flags['format'], terminal: Terminal): number {
  const { width, color } = terminal;
  if (format === 'all') terminal.out(recordsPage(found, { width, color, now: new Date().toISOString() }));
  else if (format === 'json') terminal.out(jsonOf(found));
  else {
    terminal.out(recordsToPaste(found, format));
    for (const note of recordsNotes(found, format)) terminal.err(`dkim-monitor: ${note.replaceAll('\n', '\n  ')}\n`);
  }
  return found.places.every(({ forms }) => forms !== undefined) ? EXIT.fine : EXIT.blind;
}

/** The change batch as JSON in JSON, not as a text in it. */
function jsonOf({ places, all: _, ...rest }: RecordSheet): string {
  const open = places.map(({ forms, ...place }) => {
    if (forms === undefined) return place;
    const { table, route53ChangeBatch, ...others } = forms;
    return { ...place, records: table, route53ChangeBatch: JSON.parse(route53ChangeBatch) as unknown, ...others };
  });
  return `${JSON.stringify({ schema: 1, ...rest, places: open }, undefined, 2)}\n`;
}
