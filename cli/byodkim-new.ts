// `dkim-monitor byodkim new`: makes a key pair for a domain, keeps the private half in files, and prints what is to be done with it.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Command, Option } from 'commander';
import { COMMAND } from '../lambda/model/command.ts';
import { parseDnsName, quoted } from '../lambda/model/names.ts';
import { EXIT, UsageError } from './exit.ts';
import { sendingDomain } from './expected.ts';
import { refuseKey } from './hide-keys.ts';
import { value } from './load-configuration.ts';
import { newPairPage } from './new-pair-page.ts';
import { selectorSentence } from './selector-words.ts';
import type { Terminal } from './terminal.ts';
import { writePair } from './write-pair.ts';

interface Flags {
  readonly selector: string;
  readonly bits: '1024' | '2048';
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  ${COMMAND} byodkim new example.com --selector s2026
  ${COMMAND} byodkim new example.com --selector s2026 --out secret/example.pem

Two files are written, readable by you only, and never over others: the private
key (PKCS #1, PEM), and beside it the same key as the AWS CLI takes it
(.ses.json). The key itself is never printed. Neither AWS nor DNS is asked or
changed: what to publish and what to run is printed.
`;

export function newCommand(terminal: Terminal, done: (code: number) => void): Command {
  return new Command('new')
    .description('Make an RSA key pair for a domain, and show the record to publish and the command for SES.')
    .argument('<domain>', 'the domain that SES sends for')
    .requiredOption('--selector <selector>', 'a new selector: 1 to 63 letters and digits')
    .addOption(new Option('--bits <bits>', 'length of the key').choices(['2048', '1024']).default('2048'))
    .option('--out <file>', 'file of the private key (default: DOMAIN-SELECTOR.pem in this folder)')
    .addHelpText('after', EXAMPLES)
    .action((domain: string, flags: Flags) => {
      make(domain, flags, terminal);
      done(EXIT.fine);
    });
}

function make(typed: string, flags: Flags, terminal: Terminal): void {
  const domain = sendingDomain(refuseKey(typed, 'The domain is a name such as example.com'));
  const said = selectorSentence(refuseKey(flags.selector, '--selector takes a selector such as s1'));
  if (said?.refused === true) throw new UsageError(said.says);
  const selector = flags.selector.toLowerCase();
  const recordName = value(parseDnsName(`${selector}._domainkey.${domain}`));
  const keyFile = fileName(flags.out ?? `${domain}-${selector}.pem`);
  const sesFile = `${keyFile.replace(/\.(pem|key)$/i, '')}.ses.json`;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: Number(flags.bits) });
  writePair([
    { name: keyFile, text: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() },
    { name: sesFile, text: signingAttributes(selector, privateKey) },
  ]);
  terminal.out(
    newPairPage(
      {
        domain,
        selector,
        recordName,
        keyFile,
        sesFile,
        bits: Number(flags.bits),
        publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
        ...(said === undefined ? {} : { selectorNote: said.says }),
      },
      terminal,
    ),
  );
}

/** What `--signing-attributes file://…` takes: base64 of the PKCS #1 form, without header, footer and line breaks. */
function signingAttributes(selector: string, privateKey: KeyObject): string {
  const key = privateKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  return `${JSON.stringify({ DomainSigningSelector: selector, DomainSigningPrivateKey: key }, undefined, 2)}\n`;
}

/** The name comes back in commands to be pasted, where a control character has no place. */
function fileName(text: string): string {
  const name = refuseKey(text, '--out takes the name of a file', 'file');
  if (name === '' || name === '-' || name.endsWith('/')) throw new UsageError('--out takes the name of a file, which is then written.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for.
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) throw new UsageError(`--out takes the name of a file, not ${quoted(name)}.`);
  return name.startsWith('-') ? `./${name}` : name;
}
