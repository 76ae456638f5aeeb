// Names that get mixed up, each with a brand that only its parser gives: account ids, regions and DNS names.
import { domainToASCII } from 'node:url';
import { mayHoldKeyPiece } from './key-pieces.ts';
import { looksLikeKey } from './private-keys.ts';
import { visible } from './safe-text.ts';

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Twelve digits. */
export type AccountId = Brand<string, 'AccountId'>;
/** An AWS region code such as `eu-west-1`. */
export type Region = Brand<string, 'Region'>;
/** Lower case, A-label form, no final dot, 1 to 253 characters. Underscores are allowed: DKIM names need them. */
export type DnsName = Brand<string, 'DnsName'>;

/** The outcome of reading a name that somebody typed: the name, or one sentence that says what is wrong. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const bad = (problem: string): { ok: false; problem: string } => ({ ok: false, problem });

/**
 * A string as it may stand in an error sentence: quoted, control characters made visible, cut at `max` characters. Of what may be a key or a piece
 * of one, such as a line of a key file given in the wrong place, only the length is said.
 */
export function quoted(text: string, max = 80): string {
  return looksLikeKey(text) || mayHoldKeyPiece(text) ? `(a text of ${text.length} characters)` : `"${visible(text, max)}"`;
}

/** Reads an AWS account id. */
export function parseAccountId(text: string): Parsed<AccountId> {
  if (/^\d{12}$/.test(text)) return { ok: true, value: text as AccountId };
  return bad(`${quoted(text)} is not an AWS account id: an account id is twelve digits, in quotes so that leading zeros stay.`);
}

/** Reads an AWS region code. Unknown but well-formed regions are accepted: AWS adds regions. */
export function parseRegion(text: string): Parsed<Region> {
  if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text)) return { ok: true, value: text as Region };
  return bad(`${quoted(text)} is not an AWS region: a region looks like "eu-west-1".`);
}

/**
 * Reads a DNS name (RFC 1035 §2.3.4 lengths; RFC 5890 A-labels for international names).
 * Lower-cases, drops one final dot, and refuses what can never be looked up.
 */
export function parseDnsName(text: string): Parsed<DnsName> {
  const trimmed = text.endsWith('.') ? text.slice(0, -1) : text;
  if (trimmed === '') return bad(`${quoted(text)} is not a domain name: it is empty.`);
  if (text.length > 1000) return bad(`${quoted(text)} is not a domain name: it is longer than 253 characters.`);
  if (/[/@:\s]/.test(trimmed)) return bad(`${quoted(text)} is not a domain name: give the bare name, such as "example.com".`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for.
  const ascii = /^[\x00-\x7f]*$/.test(trimmed) ? trimmed.toLowerCase() : domainToASCII(trimmed);
  if (ascii === '') return bad(`${quoted(text)} is not a domain name: its international characters have no A-label form.`);
  if (ascii.length > 253) return bad(`${quoted(text)} is not a domain name: it is longer than 253 characters.`);
  for (const label of ascii.split('.')) {
    if (label === '') return bad(`${quoted(text)} is not a domain name: it has an empty label (two dots in a row, or a leading dot).`);
    if (label.length > 63) return bad(`${quoted(text)} is not a domain name: the label ${quoted(label)} is longer than 63 characters.`);
    if (!/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label))
      return bad(`${quoted(text)} is not a domain name: the label ${quoted(label)} has characters that a domain name cannot have.`);
  }
  return { ok: true, value: ascii as DnsName };
}

/** For names already known to be good, such as constants in this code: throws where {@link parseDnsName} would refuse. */
export function dnsName(text: string): DnsName {
  const parsed = parseDnsName(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

/** `child` is `ancestor` or lies below it. Both are parsed names, so plain string comparison is right. */
export function isWithin(child: DnsName, ancestor: DnsName): boolean {
  return child === ancestor || child.endsWith(`.${ancestor}`);
}
