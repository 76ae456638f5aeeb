// `dkim-monitor inspect`: the DKIM signatures of a message that somebody received.
import { Command } from 'commander';
import { alignmentOf } from '../lambda/dkim/alignment.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { parseDnsName } from '../lambda/model/names.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { openConfiguredDns } from '../lambda/wiring.ts';
import { EXIT, UsageError } from './exit.ts';
import { nextSteps } from './inspect-next.ts';
import { inspectPage } from './inspect-page.ts';
import { domainOfAddress, type InspectReport, inspected } from './inspect-report.ts';
import { createLiveKeys, type LiveDns } from './live-keys.ts';
import { type DnsFlags, loadConfiguration } from './load-configuration.ts';
import { readMessageBytes } from './message-bytes.ts';
import { readInput } from './read-input.ts';
import { addDnsOptions } from './sweep.ts';
import type { Terminal } from './terminal.ts';

interface Flags extends DnsFlags {
  readonly json?: boolean;
}

/** Bytes. SES sends messages of at most 40 MB. */
const LIMITS = { most: 50_000_000, tooLarge: 'is larger than 50 MB; SES sends messages of at most 40 MB. It was not read further.' };

const EXAMPLES = `
Examples:
  ${COMMAND} inspect message.eml
  ${COMMAND} inspect < message.eml
  ${COMMAND} inspect message.eml --json
  ${COMMAND} inspect message.eml --resolver 1.1.1.1

The message must be as it came: in Gmail "Show original" and "Download
original", in Thunderbird and Apple Mail "Save as"; a .msg of Outlook is not.
It stays on this machine: only the keys of its signatures are asked for in DNS.

Exit codes: 0 a signature of the From domain holds · 1 none does ·
2 DNS did not let that be told · 64 wrong usage, or not a message
`;

export function inspectCommand(terminal: Terminal, done: (code: number) => void): Command {
  const command = new Command('inspect')
    .description('Say who signed a received message, and whether the signatures hold.')
    .argument('[message]', 'file of the message as it came (.eml); none or - reads standard input')
    .option('--json', 'print the result as JSON, and nothing else, on standard output');
  return addDnsOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: Flags) => done(await inspect(file, flags, terminal)));
}

async function inspect(file: string | undefined, flags: Flags, terminal: Terminal): Promise<number> {
  if (file === undefined && terminal.input?.isTTY !== false && terminal.input?.isTTY !== undefined)
    throw new UsageError('Which message? Give the file of one, such as message.eml, or pipe it in.');
  const configuration = loadConfiguration(flags);
  const name = file ?? '-';
  const read = readMessageBytes(await readInput(name, LIMITS, terminal));
  const called = name === '-' ? 'Standard input' : visible(name, 200);
  if (!read.ok) throw new UsageError(`${called} ${read.problem}`);
  const dns = openConfiguredDns(configuration);
  try {
    const report = await examine(read.message, dns, called);
    terminal.out(flags.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : inspectPage(report, terminal));
    return { aligned: EXIT.fine, 'not-aligned': EXIT.trouble, unknown: EXIT.blind }[report.verdict];
  } finally {
    dns.close();
  }
}

async function examine(message: Buffer, dns: LiveDns, called: string): Promise<InspectReport> {
  // Here, so that the other commands do not load what only this one needs.
  const { checkMessage } = await import('./bounded-verifier.ts');
  const keys = createLiveKeys(dns);
  const checked = await checkMessage(message, keys, (from) => (domain) => speaksFor(from, domain)).catch((error: unknown) => {
    throw new UsageError(`${called} cannot be read as a mail message (${visible((error as Error).message, 200)}).`, { cause: error });
  });
  const live = await Promise.all(checked.signatures.map(({ selector, domain }) => keys.find(selector, domain)));
  const { fromName, ...found } = inspected(checked, live, Date.now());
  return { ...found, next: nextSteps({ ...found, ...(fromName === undefined ? {} : { fromName }) }) };
}

function speaksFor(from: readonly string[], domain: string): boolean {
  const signing = parseDnsName(domain);
  return from.some((address) => {
    const own = domainOfAddress(address);
    return own !== undefined && signing.ok && alignmentOf(own, signing.value) !== 'none';
  });
}
