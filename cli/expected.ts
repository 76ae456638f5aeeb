// What somebody says must be published for a domain: the flags that `check` and `records` share, read into values or refused in a sentence.
import { isIPv4 } from 'node:net';
import type { Command } from 'commander';
import { shellQuoted } from '../lambda/diagnosis/shell.ts';
import { parsePublicKeyText } from '../lambda/dkim/public-key-text.ts';
import { regionZone } from '../lambda/dkim/region-zones.ts';
import { looksLikeToken } from '../lambda/dkim/selector.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { type DnsName, type Parsed, parseDnsName, parseRegion, quoted } from '../lambda/model/names.ts';
import type { Expected } from '../lambda/sweep/check-domain.ts';
import { easyTokens } from './easy-tokens.ts';
import { UsageError } from './exit.ts';
import { value } from './load-configuration.ts';

/** As commander gives them. */
export interface ExpectedFlags {
  readonly token?: readonly string[];
  readonly selector?: string;
  readonly publicKey?: string;
  readonly zone?: string;
}

/** For options that may be given several times. */
export const collect = (text: string, previous: readonly string[] = []): readonly string[] => [...previous, text];

/** Flags that say what must be published, without AWS. */
export function addExpectedOptions(command: Command): Command {
  return command
    .option('--token <token>', 'a token of Easy DKIM (give all three)', collect)
    .option('--selector <selector>', 'the selector of your own key (BYODKIM)')
    .option('--public-key <base64>', 'the public key that must be published (with --selector)')
    .option('--zone <zone>', 'the zone of the CNAME targets itself (SigningHostedZone)');
}

/** True if the flags say themselves what must be published, so that SES need not be asked. */
export function saysWhatIsExpected({ token, selector, publicKey }: ExpectedFlags): boolean {
  return token !== undefined || selector !== undefined || publicKey !== undefined;
}

/** A domain that mail can be sent for: not an address, not a top-level domain. */
export function sendingDomain(text: string): DnsName {
  const name = value(parseDnsName(text));
  if (isIPv4(name)) throw new UsageError(`${quoted(text)} is an IP address: give the domain that stands after the @ of the sender.`);
  if (!name.includes('.'))
    throw new UsageError(`${quoted(text)} is not a domain that mail is sent for: it has no dot, such as in "example.com".`);
  return name;
}

/** An address, its domain in the form of DNS and what stands before that as it was written, for SES tells capitals apart there. Undefined for what has no `@`. */
export function addressIn(text: string): { readonly address: string; readonly domain: DnsName } | undefined {
  const at = text.lastIndexOf('@');
  if (at < 0) return undefined;
  const domain = sendingDomain(text.slice(at + 1));
  if (!/^[^\s\p{C}]{1,64}$/u.test(text.slice(0, at)))
    throw new UsageError(`${quoted(text)} is not an address: mind what stands before the "@".`);
  return { address: `${text.slice(0, at)}@${domain}`, domain };
}

/**
 * As {@link sendingDomain}; an address is answered with the commands that are meant. Whether SES signs its mail as its domain's is not said: that hangs
 * on whether it is an identity of its own, which SES alone knows.
 */
export function domainNotAddress(text: string, command: 'check' | 'records', regions: readonly string[]): DnsName {
  const found = addressIn(text);
  if (found === undefined) return sendingDomain(text);
  const { address, domain } = found;
  const all = regions.map((one) => ` --region ${value(parseRegion(one))}`);
  const itself = `${COMMAND} check ${shellQuoted(address)}${all[0] ?? ' --region REGION'}`;
  throw new UsageError(
    `${quoted(text)} is an address: it has no DKIM records. Those of its domain: ${COMMAND} ${command} ${domain}${all.join('')}. ` +
      `If SES has the address as an identity of its own, that one's DKIM settings count, and its mail may go unsigned although the domain is all right: ${itself}`,
  );
}

/** What the flags say; `region` decides the zone of the CNAME targets. `command` is named where another one is meant. */
export function expectedOf(command: 'check' | 'records', domain: DnsName, flags: ExpectedFlags, region: string | undefined): Expected {
  const tokens = flags.token ?? [];
  if (tokens.length > 0 && flags.selector !== undefined)
    throw new UsageError('Give either --token (Easy DKIM) or --selector (your own key), not both.');
  if (flags.selector !== undefined) {
    const publicKey = flags.publicKey === undefined ? {} : { publicKey: value(parsePublicKey(flags.publicKey)) };
    const selector = value(parseSelector(flags.selector));
    // Who knows the public key has a key of their own, whatever the selector looks like.
    if (looksLikeToken(selector) && flags.publicKey === undefined) throw new UsageError(tokenGiven(selector, zoneOf(flags, region)));
    return { kind: 'byodkim', domain, selector, ...publicKey };
  }
  if (flags.publicKey !== undefined) throw new UsageError('--public-key goes with --selector.');
  if (tokens.length === 0) {
    throw new UsageError(
      `What should be published for ${domain}? Give --region (SES says it, with your AWS credentials), or --token three times (Easy DKIM), or --selector (your own key). Selectors are never guessed.`,
    );
  }
  return { kind: 'easy', domain, tokens: easyTokens(tokens, { command, domain, region }), zone: zoneOf(flags, region) };
}

const tokenGiven = (token: string, zone: DnsName): string =>
  `${token} looks like an Easy DKIM token: its record is a CNAME to ${token}.${zone}, not a key. Ask with --region REGION alone (SES says what it expects), or with --token ${token} and the other two. If it is the selector of your own key all the same, give --public-key too.`;

/**
 * What to say where nothing is published at the selector that somebody gave: most domains in SES have no selector of their own. Undefined
 * where that is not what was asked, or somebody knows the key.
 */
export function selectorDoubt(expected: Expected, kinds: readonly string[], region: string | undefined): string | undefined {
  if (expected.kind !== 'byodkim' || expected.publicKey !== undefined) return undefined;
  if (!kinds.some((kind) => kind === 'record-missing' || kind === 'wildcard-answer')) return undefined;
  const { domain, selector } = expected;
  return (
    `Nothing is published for the selector ${selector}. Is it the right one? If SES made the keys of ${domain} (Easy DKIM, what a new identity has), ` +
    `there is no selector but three tokens. Let SES say what it expects: ${COMMAND} check ${domain} --region ${region === undefined ? 'REGION' : value(parseRegion(region))}`
  );
}

function zoneOf(flags: ExpectedFlags, given: string | undefined): DnsName {
  if (flags.zone !== undefined) return value(parseDnsName(flags.zone));
  const region = value(parseRegion(given ?? 'us-east-1'));
  const zone = regionZone(region);
  if (zone === undefined)
    throw new UsageError(`The zone of the CNAME targets in ${region} is not known: give it with --zone (SES calls it SigningHostedZone).`);
  return zone;
}

/** A selector is one DNS label; people often paste the whole record name. */
function parseSelector(text: string): Parsed<string> {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text)) return { ok: true, value: text.toLowerCase() };
  const whole = /^([a-z0-9][a-z0-9-]{0,62})\._domainkey(\.|$)/i.exec(text);
  const hint = whole ? ` Only the part before "._domainkey" is meant: ${whole[1]}.` : '';
  return { ok: false, problem: `--selector takes 1 to 63 letters and digits, not ${quoted(text)}.${hint}` };
}

/** As in the configuration, and with the p= that is often copied too. */
function parsePublicKey(text: string): Parsed<string> {
  const read = parsePublicKeyText(text.replace(/^\s*p=/, ''));
  return read.ok ? read : { ok: false, problem: `--public-key ${read.problem}` };
}
