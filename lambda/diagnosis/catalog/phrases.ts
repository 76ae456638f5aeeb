// Turns of phrase that several kinds of finding share.
import { regionZone } from '../../dkim/region-zones.ts';
import type { Subject } from '../../model/alert.ts';
import type { FindingKind, FindingOf } from '../../model/finding.ts';
import { parseDnsName, parseRegion } from '../../model/names.ts';
import { visible } from '../../model/safe-text.ts';
import { KEY_PLACEHOLDER, recordForms } from '../fixes.ts';
import { shellQuoted } from '../shell.ts';

/** The identity's name. */
export const who = ({ identity }: Subject): string => visible(identity, 260);

/** `account 111111111111, eu-west-1`; empty if SES was not asked. */
export function where({ account, region }: Subject): string {
  return [account === '' ? '' : `account ${visible(account, 20)}`, visible(region, 40)].filter((part) => part !== '').join(', ');
}

/** A name or value that DNS supplied. */
export const shown = (text: string): string => visible(text, 260);

/** `2026-03-01 14:02 UTC`; "an unknown time" for what is no time. */
export function utc(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 'an unknown time' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** At most `max` items, "and N more". */
export function listed(items: readonly string[], max = 6): string {
  const more = items.length - max;
  return items.slice(0, max).map(shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What SES makes of it, and what comes next: the heart of most messages. */
export function sesView({ status }: Subject): string {
  switch (status) {
    case 'SUCCESS':
      return 'SES still says SUCCESS, so it has not noticed yet. At its next check it stops signing at once, keeps the set-up for five days, and then drops it. Mail may already be unsigned.';
    case 'TEMPORARY_FAILURE':
      return 'SES has noticed (TEMPORARY_FAILURE): mail is most likely unsigned now. It keeps the set-up for five days after its warning, and then drops it.';
    case 'PENDING':
      return 'SES is still looking for the records (PENDING) and does not sign until it finds them. After 72 hours it stops looking.';
    case 'FAILED':
      return 'SES has stopped looking (FAILED) and does not sign: it must be asked again once the records are right.';
    case 'NOT_STARTED':
      return 'SES has not started DKIM for this identity and does not sign.';
    case 'UNKNOWN':
      return 'What SES makes of it is not known.';
  }
}

/** The steps that put records right: publish, see it, and what SES needs then. */
export function publishSteps(finding: FindingOf<FindingKind>, subject: Subject, verb: string): readonly string[] {
  if (finding.records.length === 0) return [];
  const { table } = recordForms(finding.records, finding.zone);
  const host = finding.zone === undefined ? 'At the DNS host of the domain' : `At the DNS host of ${finding.zone}`;
  const lines = table.map(({ name, type, value }) => `${name}  ${type}  ${value}`);
  const relative =
    finding.zone === undefined ? '' : ` In a web form type the short name, without ${finding.zone}: the form adds that by itself.`;
  const key = table.some(({ value }) => value.endsWith(KEY_PLACEHOLDER))
    ? ` Put your public key in place of ${KEY_PLACEHOLDER}: SES does not tell it; it belongs to the private key that SES was given.`
    : '';
  return [
    [`${host}, ${verb} ${table.length === 1 ? 'exactly this record' : 'exactly these records'}.${relative}${key}`, ...lines].join('\n'),
    ['See that it is there:', ...finding.records.slice(0, 3).map(({ name, type }) => `dig +short ${type} ${shellQuoted(name)}`)].join('\n'),
    ...afterwards(subject),
  ];
}

/** What SES needs once DNS is right again. */
function afterwards(subject: Subject): readonly string[] {
  switch (subject.status) {
    case 'FAILED':
    case 'NOT_STARTED':
      return startAgain(subject);
    case 'SUCCESS':
    case 'TEMPORARY_FAILURE':
      return [
        'Nothing needs doing in SES: it finds the records at its next check. Do not delete and re-create the identity: it would get new tokens, and signing would stop until they are published.',
      ];
    case 'PENDING':
      return ['Nothing needs doing in SES: it finds the records at its next check.'];
    case 'UNKNOWN':
      return [];
  }
}

/** How to set DKIM going again. The warning comes before the command. */
export function startAgain(subject: Subject): readonly string[] {
  const place = commandPlace(subject);
  const [v2, v1] =
    place === undefined
      ? []
      : [` ${place} --email-identity ${shellQuoted(subject.identity)}`, ` ${place} --domain ${shellQuoted(subject.identity)}`];
  switch (subject.method) {
    case 'easy':
    case 'none':
      return [
        'Before you start again: mail stays unsigned until SES has verified the records, and SES may answer with other tokens than before. Then publish those it prints, all three.',
        [`Start DKIM again${inAccount(subject)}:`, ...(v1 === undefined ? [] : [`aws ses verify-domain-dkim${v1}`])].join('\n'),
      ];
    case 'byodkim':
      return [
        'Before you start again: mail stays unsigned until SES has verified the key. Write dkim-signing.json with DomainSigningSelector and DomainSigningPrivateKey (the RSA private key in PKCS #1 form, base64 on one line, without header and footer), and delete the file afterwards.',
        [
          `Give SES the key again${inAccount(subject)}:`,
          ...(v2 === undefined
            ? []
            : [
                `aws sesv2 put-email-identity-dkim-signing-attributes${v2} --signing-attributes-origin EXTERNAL --signing-attributes file://dkim-signing.json`,
              ]),
        ].join('\n'),
      ];
    case 'deed':
      return [
        'This identity is a replica: its keys are those of its parent identity in another region. See first that DKIM of the parent is SUCCESS; mail of the replica stays unsigned until then.',
      ];
  }
}

/** How to set DKIM up where it never was. */
export function startFirst(subject: Subject): readonly string[] {
  if (subject.method === 'byodkim' || subject.method === 'deed') return startAgain(subject);
  const place = commandPlace(subject);
  const zone = regionZone(subject.region) ?? 'THE_ZONE_SES_NAMES';
  return [
    [
      `Start Easy DKIM${inAccount(subject)}. SES prints three tokens:`,
      ...(place === undefined ? [] : [`aws ses verify-domain-dkim ${place} --domain ${shellQuoted(subject.identity)}`]),
    ].join('\n'),
    [
      'Publish one record for each token. SES then verifies them by itself, mostly within hours, and begins to sign:',
      ...(place === undefined ? [] : [`TOKEN._domainkey.${subject.identity}.  CNAME  TOKEN.${zone}.`]),
    ].join('\n'),
  ];
}

/** `--region eu-west-1`; undefined if SES's own words are not such that they may stand in a command. */
export function commandPlace({ identity, region }: Subject): string | undefined {
  return parseDnsName(identity).ok && parseRegion(region).ok ? `--region ${shellQuoted(region)}` : undefined;
}

/** The credentials a command needs; empty if SES was not asked. */
export const inAccount = ({ account }: Subject): string => (account === '' ? '' : ` (as account ${visible(account, 20)})`);

/** SES's reason in plain words. */
export function errorWords(errorType: string | undefined): string {
  const known: Readonly<Record<string, string>> = {
    INVALID_VALUE: 'the record it found has a value it did not expect',
    TYPE_NOT_FOUND: 'there is no record of the type it looked for',
    HOST_NOT_FOUND: 'the name does not exist',
    SERVICE_ERROR: 'its own check failed',
    DNS_SERVER_ERROR: 'the DNS servers gave it an error or no answer',
  };
  if (errorType === undefined) return '';
  const words = Object.hasOwn(known, errorType) ? known[errorType] : undefined;
  return ` SES's reason: ${visible(errorType, 60)}${words === undefined ? '' : ` (${words})`}.`;
}

/** The two views of the primary name server, where they differ. */
export function primariesDiffer(sesPrimary: string | undefined, ourPrimary: string | undefined): string {
  if (sesPrimary === undefined || ourPrimary === undefined) return '';
  const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');
  return bare(sesPrimary) === bare(ourPrimary)
    ? ''
    : ` SES looked at ${shown(sesPrimary)}, we see ${shown(ourPrimary)}: SES may still be asking a former DNS host.`;
}
