// What to do, in steps that several kinds of finding share: publish, see it in DNS, and what SES needs then.
import { regionZone } from '../../dkim/region-zones.ts';
import type { Subject } from '../../model/alert.ts';
import type { PublishedRecord } from '../../model/expectation.ts';
import type { FindingKind, FindingOf } from '../../model/finding.ts';
import { parseDnsName, parseRegion } from '../../model/names.ts';
import { visible } from '../../model/safe-text.ts';
import { KEY_PLACEHOLDER, recordForms, recordValue } from '../fixes.ts';
import { shellQuoted } from '../shell.ts';

/** A sentence with the lines that stand under it. */
export const step = (sentence: string, ...lines: readonly string[]): string => [sentence, ...lines].join('\n');

/** How the user gets the public key that only they have. */
export const EXPORT_KEY = step(
  'Get the public key in the right form from the private key that SES was given:',
  'openssl rsa -in private.pem -pubout -outform DER | openssl base64 -A',
);

/** The steps that put records right: publish, see it, and what SES needs then. */
export function publishSteps(finding: FindingOf<FindingKind>, subject: Subject, verb: string): readonly string[] {
  const { records, zone } = finding;
  if (records.length === 0) return [];
  const one = records.length === 1;
  const host = zone === undefined ? 'At the DNS host of the domain' : `At the DNS host of ${zone}`;
  const relative = zone === undefined ? '' : ` In a web form type the short name, without ${zone}: the form adds that by itself.`;
  const lacksKey = records.some(needsKey);
  const key = lacksKey
    ? ` ${KEY_PLACEHOLDER} is not the key: put yours in its place, here and wherever else this record is shown, before you paste anything.`
    : '';
  return [
    ...(lacksKey ? [EXPORT_KEY] : []),
    step(
      `${host}, ${verb} ${one ? 'exactly this record' : 'exactly these records'}.${relative}${key}`,
      ...recordForms(records, zone).table.map(({ name, type, value }) => `${name}  ${type}  ${value}`),
    ),
    step(
      `See that ${one ? 'it is' : 'they are'} there (a resolver may show the former answer for a while${records.some(({ type }) => type === 'TXT') ? '; a long key is printed in pieces' : ''}):`,
      ...askLines(records),
    ),
    ...afterwards(subject, one),
  ];
}

/** True for a key record whose key nobody told us. */
export const needsKey = (record: PublishedRecord): boolean => record.type === 'TXT' && recordValue(record).endsWith(KEY_PLACEHOLDER);

/**
 * For at most three records the command that asks DNS, each with what must come of it: where a record is wrong, something comes already.
 * `+short` prints the answer alone, `+trace` the way to it from the root; `@1.1.1.1` asks a resolver that is known to check DNSSEC.
 */
export function askLines(records: readonly PublishedRecord[], how: '+short' | '+trace' | '@1.1.1.1 +short' = '+short'): readonly string[] {
  const must = how === '+trace' ? 'must show in its last answer' : 'must print';
  return records
    .slice(0, 3)
    .flatMap((record) => [
      `dig ${how} ${record.type === 'SPF' ? 'TXT' : record.type} ${shellQuoted(record.name)}`,
      `${must}: ${expectedAnswer(record)}`,
    ]);
}

/** Characters of a key's end that tell it from another: the last seven are the same in nearly every key. */
const KEY_END = 24;

/** What DNS must answer. A TXT is described: hosts cut long keys, and write the tags before them, each in their own way. */
export function expectedAnswer(record: PublishedRecord): string {
  const value = recordValue(record);
  if (record.type !== 'TXT') return value;
  return needsKey(record) ? 'behind p= your public key, to its last character' : `behind p= a key that ends in ${value.slice(-KEY_END)}`;
}

/** What SES needs once DNS is right again. */
function afterwards(subject: Subject, one: boolean): readonly string[] {
  const found = `Nothing needs doing in SES: it finds the ${one ? 'record' : 'records'} at its next check`;
  switch (subject.status) {
    case 'FAILED':
    case 'NOT_STARTED':
      return startAgain(subject);
    case 'SUCCESS':
    case 'TEMPORARY_FAILURE':
      return [`${found}. ${keepIdentity(subject)}`];
    case 'PENDING':
      return [`${found}, and does not sign before that.`];
    case 'UNKNOWN':
      return [];
  }
}

/** The thing that people try first, and that makes it worse. */
function keepIdentity({ method }: Subject): string {
  switch (method) {
    case 'easy':
    case 'none':
      return 'Do not delete and re-create the identity: it would get new tokens, and signing would stop until they are published.';
    case 'deed':
      return 'Do not delete and re-create the identity or its parent: a new parent would get new tokens, and signing of all its replicas would stop until they are published.';
    case 'byodkim':
      return 'Do not delete and re-create the identity: SES would have to be given the private key again, and signing would stop until it has verified the record anew.';
  }
}

/** How to set DKIM going again. The warning comes before the command. */
export function startAgain(subject: Subject): readonly string[] {
  switch (subject.method) {
    case 'easy':
    case 'none':
      return [
        step(
          `Start DKIM again${inAccount(subject)}. Mind: mail stays unsigned until SES has verified the records. If the tokens that it prints are not those of the records here, publish those it prints, all three.`,
          ...verifyCommand(subject),
        ),
      ];
    case 'byodkim':
      return [
        step(
          `Give SES the key again${inAccount(subject)}. Mind: mail stays unsigned until SES has verified it. ${SIGNING_FILE}`,
          ...giveKeyCommand(subject),
        ),
      ];
    case 'deed':
      return [
        'This identity is a replica: its keys are those of its parent identity in another region. See first that DKIM of the parent is SUCCESS; mail of the replica stays unsigned until then.',
      ];
  }
}

/** What must be in the file that {@link giveKeyCommand} reads (Amazon SES developer guide, "Bring Your Own DKIM"). */
export const SIGNING_FILE =
  'Write dkim-signing.json with DomainSigningSelector and DomainSigningPrivateKey (the RSA private key in PKCS #1 form, base64 on one line, without header and footer), and delete the file afterwards.';

/** Gives SES a selector and its private key. */
export function giveKeyCommand(subject: Subject): readonly string[] {
  return command(
    subject,
    (place, identity) =>
      `aws sesv2 put-email-identity-dkim-signing-attributes ${place} --email-identity ${identity} --signing-attributes-origin EXTERNAL --signing-attributes file://dkim-signing.json`,
  );
}

const verifyCommand = (subject: Subject): readonly string[] =>
  command(subject, (place, identity) => `aws ses verify-domain-dkim ${place} --domain ${identity}`);

/** How to set DKIM up where it never was. */
export function startFirst(subject: Subject): readonly string[] {
  if (subject.method === 'byodkim' || subject.method === 'deed') return startAgain(subject);
  const zone = regionZone(subject.region) ?? 'THE_ZONE_SES_NAMES';
  return [
    step(`Start Easy DKIM${inAccount(subject)}. SES prints three tokens:`, ...verifyCommand(subject)),
    step(
      'Publish one record for each token. SES then verifies them by itself, mostly within hours, and begins to sign:',
      ...command(subject, () => `TOKEN._domainkey.${subject.identity}.  CNAME  TOKEN.${zone}.`),
    ),
  ];
}

/** A line with the identity and its region in it; none if SES's own words are not such that they may stand in a command. */
export function command(subject: Subject, line: (place: string, identity: string) => string): readonly string[] {
  const { identity, region } = subject;
  if (!parseDnsName(identity).ok || !parseRegion(region).ok) return [];
  return [line(`--region ${shellQuoted(region)}`, shellQuoted(identity))];
}

/** The same for an identity that is an address: only the plainest ones may stand in a command. */
export function addressCommand(subject: Subject, line: (place: string, identity: string) => string): readonly string[] {
  const { identity, region } = subject;
  if (!/^[A-Za-z0-9][A-Za-z0-9._+=-]{0,63}@[a-z0-9.-]{1,253}$/.test(identity) || !parseRegion(region).ok) return [];
  return [line(`--region ${shellQuoted(region)}`, shellQuoted(identity))];
}

/** The credentials a command needs; empty if SES was not asked. */
export const inAccount = ({ account }: Subject): string => (account === '' ? '' : ` (as account ${visible(account, 20)})`);
