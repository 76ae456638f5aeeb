// Records to be published, in the forms that people paste. Only parsed, expected values go in: nothing that DNS supplied.
import type { PublishedRecord } from '../model/expectation.ts';
import { type DnsName, isWithin } from '../model/names.ts';
import type { RecordForms } from '../model/report.ts';
import { quotedPieces, txtPieces } from '../model/txt-strings.ts';
import { shellQuoted } from './shell.ts';

/** Seconds; what SES's own console proposes. */
const TTL = 1800;
/** Stands where only the user knows the key. */
export const KEY_PLACEHOLDER = 'YOUR_PUBLIC_KEY';

const PUT_KEY = `put your public key in place of ${KEY_PLACEHOLDER}`;

const lacksKey = (value: string): boolean => value.endsWith(KEY_PLACEHOLDER);

type Row = RecordForms['table'][number];

/** The records in every form. `apex` is the zone that holds them: without it the relative name is the full one. */
export function recordForms(records: readonly PublishedRecord[], apex: DnsName | undefined): RecordForms {
  const table = records.map((record) => row(record, apex));
  const route53ChangeBatch = JSON.stringify({ Changes: table.map(route53Change) });
  return {
    table,
    bind: table.map(
      ({ name, type, value }) =>
        `${name} ${TTL} IN ${type} ${type === 'TXT' ? quotedPieces(value) : value}${lacksKey(value) ? ` ; ${PUT_KEY}` : ''}`,
    ),
    route53ChangeBatch,
    terraform: table.map((one) => terraform(one, apex)).join('\n'),
    cli: table.length === 0 ? [] : route53Cli(route53ChangeBatch, apex),
  };
}

/** The value to be published: a CNAME's target or an MX with its final dot, or the text of a TXT record. */
export function recordValue(record: PublishedRecord): string {
  if (record.type === 'CNAME') return `${record.target}.`;
  if (record.type === 'MX') return `10 ${record.exchange}.`;
  if (record.type === 'SPF') return 'v=spf1 include:amazonses.com ~all';
  const key = record.publicKey !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(record.publicKey) ? record.publicKey : KEY_PLACEHOLDER;
  return `v=DKIM1; k=rsa; p=${key}`;
}

/** The name as most web forms want it: without the zone. With the zone unknown, the full name with its final dot. */
export function relativeName(name: DnsName, apex: DnsName | undefined): string {
  if (apex === undefined || !isWithin(name, apex)) return `${name}.`;
  return name === apex ? '@' : name.slice(0, -apex.length - 1);
}

function row(record: PublishedRecord, apex: DnsName | undefined): Row {
  return {
    relative: relativeName(record.name, apex),
    name: `${record.name}.`,
    type: record.type === 'SPF' ? 'TXT' : record.type,
    value: recordValue(record),
  };
}

function route53Change({ name, type, value }: Row): unknown {
  const text = type === 'TXT' ? quotedPieces(value) : value;
  return { Action: 'UPSERT', ResourceRecordSet: { Name: name, Type: type, TTL, ResourceRecords: [{ Value: text }] } };
}

/**
 * Terraform takes a long TXT as one text with `\"\"` at each cut, and puts the outer quotes itself (AWS provider, `aws_route53_record`).
 * The label is made of the name, so that the records of several identities can stand in one file.
 */
function terraform({ name, type, value }: Row, apex: DnsName | undefined): string {
  const text = type === 'TXT' ? txtPieces(value).join('\\"\\"') : value;
  return [
    `resource "aws_route53_record" "${labelOf(type, value)}_${name.slice(0, -1).replace(/[^a-z0-9-]/g, '_')}" {`,
    `  zone_id = var.zone_id # the hosted zone${apex === undefined ? '' : ` of ${apex}`}`,
    `  name    = "${name.slice(0, -1)}"`,
    `  type    = "${type}"`,
    `  ttl     = ${TTL}`,
    `  records = ["${text}"]${lacksKey(value) ? ` # ${PUT_KEY}` : ''}`,
    '}',
    '',
  ].join('\n');
}

/** The MX and the SPF record of one name need labels that differ. */
function labelOf(type: Row['type'], value: string): string {
  if (type === 'MX') return 'ses_mx';
  return value.startsWith('v=spf1') ? 'ses_spf' : 'ses_dkim';
}

/** The zone's id is not looked up in the same line: a list of zones may begin with a private or a foreign one. */
function route53Cli(batch: string, apex: DnsName | undefined): readonly string[] {
  const list = apex === undefined ? [] : [`aws route53 list-hosted-zones-by-name --dns-name ${shellQuoted(apex)} --max-items 1`];
  return [...list, `aws route53 change-resource-record-sets --hosted-zone-id ZONE_ID --change-batch ${shellQuoted(batch)}`];
}
