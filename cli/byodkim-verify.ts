// `dkim-monitor byodkim verify`: whether SES can use a key, and whether it is the one that the domain publishes.
import { Command } from 'commander';
import { type KeyFile, type KeyRole, readKeyFile } from '../lambda/dkim/key-file.ts';
import { judgeSelector } from '../lambda/dkim/selector.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { type DnsName, parseDnsName } from '../lambda/model/names.ts';
import { openConfiguredDns } from '../lambda/wiring.ts';
import { EXIT, UsageError } from './exit.ts';
import { sendingDomain } from './expected.ts';
import { refuseKey } from './hide-keys.ts';
import { keyPage } from './key-page.ts';
import { keyReport } from './key-report.ts';
import { type DnsFlags, loadConfiguration, value } from './load-configuration.ts';
import { type Asked, askPublishedKey } from './published-key.ts';
import { readInput } from './read-input.ts';
import { addDnsOptions } from './sweep.ts';
import type { Terminal } from './terminal.ts';

interface Flags extends DnsFlags {
  readonly key?: string;
  readonly publicKey?: string;
  readonly selector?: string;
  readonly json?: boolean;
}

/** Bytes. The longest key that SES takes has 2 KB. */
const LIMITS = { most: 65_536, tooLarge: 'is larger than 64 KB: it is no key.' };

const EXAMPLES = `
Examples:
  ${COMMAND} byodkim verify --key example.com-s1.pem
  ${COMMAND} byodkim verify --key example.com-s1.pem --selector s1 example.com
      also: is it the published one?
  ${COMMAND} byodkim verify --public-key s1.txt --selector s1 example.com
      a PEM file, a p= value, a whole record
  openssl rsa -in encrypted.pem | ${COMMAND} byodkim verify --key -
  ${COMMAND} byodkim verify --key signing-attributes.json --json
      the JSON for the AWS CLI

Nothing of a private key is ever printed. Without a domain nobody is asked.

Exit codes: 0 nothing is wrong · 1 something is ·
2 what is published could not be told · 64 wrong usage
`;

export function verifyCommand(terminal: Terminal, done: (code: number) => void): Command {
  const command = new Command('verify')
    .description('Say what a key file holds, whether SES can use it, and whether the domain publishes it.')
    .argument('[domain]', 'the domain that must publish the key (with --selector)')
    .option('--key <file>', 'file of the private key; - reads standard input')
    .option('--public-key <file>', 'file of the public key; - reads standard input')
    .option('--selector <selector>', 'the selector under which the key is, or will be, published')
    .option('--json', 'print the result as JSON, and nothing else, on standard output');
  return addDnsOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (domain: string | undefined, flags: Flags) => done(await verify(domain, flags, terminal)));
}

async function verify(domain: string | undefined, flags: Flags, terminal: Terminal): Promise<number> {
  const { name, wanted } = fileOf(flags);
  const configuration = loadConfiguration(flags);
  const at = domain === undefined ? undefined : sendingDomain(refuseKey(domain, 'The domain is a name such as example.com'));
  const file = readKeyFile(await readInput(name, LIMITS, terminal), wanted);
  const selector = selectorOf(flags, file);
  const recordName = at === undefined ? undefined : nameOf(at, selector);
  const asked = await ask(file, recordName, configuration);
  const report = keyReport({
    file,
    name,
    wanted,
    ...(selector === undefined ? {} : { selector }),
    ...(at === undefined ? {} : { domain: at }),
    ...(asked === undefined ? {} : { asked }),
  });
  terminal.out(flags.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : keyPage(report, file, recordName, terminal));
  return { fine: EXIT.fine, wrong: EXIT.trouble, unknown: EXIT.blind }[report.verdict];
}

function fileOf({ key, publicKey }: Flags): { readonly name: string; readonly wanted: KeyRole } {
  if (key !== undefined && publicKey !== undefined) throw new UsageError('Give either --key or --public-key, not both.');
  if (key !== undefined)
    return { name: refuseKey(key, '--key takes the name of a file, or - for standard input', 'file'), wanted: 'private' };
  if (publicKey !== undefined)
    return { name: refuseKey(publicKey, '--public-key takes the name of a file, or - for standard input', 'file'), wanted: 'public' };
  throw new UsageError('Which key? Give its file with --key (the private key) or --public-key; - reads standard input.');
}

/** The given one, else the one that stands beside the key in signing attributes. Names are compared without case. */
function selectorOf(flags: Flags, file: KeyFile): string | undefined {
  if (flags.selector !== undefined) return refuseKey(flags.selector, '--selector takes a selector such as s1').toLowerCase();
  return file.kind === 'key' ? file.selector?.toLowerCase() : undefined;
}

/** Where the key belongs; undefined where the selector is none. */
function nameOf(domain: DnsName, selector: string | undefined): DnsName | undefined {
  if (selector === undefined)
    throw new UsageError(`Under which selector does ${domain} publish the key? Give it with --selector: selectors are never guessed.`);
  return judgeSelector(selector).kind === 'refused' ? undefined : value(parseDnsName(`${selector}._domainkey.${domain}`));
}

async function ask(
  file: KeyFile,
  name: DnsName | undefined,
  configuration: ReturnType<typeof loadConfiguration>,
): Promise<Asked | undefined> {
  if (file.kind !== 'key' || name === undefined) return undefined;
  const dns = openConfiguredDns(configuration);
  try {
    return await askPublishedKey(name, file.publicKey, dns);
  } finally {
    dns.close();
  }
}
