// What SES says and what DNS says about one identity, next to each other, and who is probably late where they differ.
import type { CheckedIdentity, DnsView, RecordView } from '../model/dns-view.ts';
import type { SesStatus } from '../model/identity.ts';
import { listed, plural, verbatim, wrap } from './layout.ts';
import { sesSays } from './mail-parts.ts';
import { type Screen, toned } from './terminal-findings.ts';
import { utcWithDistance } from './times.ts';

/** A label, SES's side and DNS's side. */
type Row = readonly [string, string, string];

const HEAD: Row = ['', 'SES says', 'DNS says'];
const GAP = 2;

/** Both sides as a table, the records with what the servers say of them, and what follows from the comparison. */
export function sideBySide(identity: CheckedIdentity, screen: Screen): readonly string[] {
  const rows = rowsOf(identity, screen.now);
  const { dns, ses } = identity;
  return [
    ...(table(rows, screen) ?? stacked(rows, screen)),
    '',
    ...wrap(`${comparison(ses.status, dns)}${otherServers(identity)}`, screen.width, '  '),
    ...(dns.records.length === 0 ? [] : ['', toned('  What SES expects, and what the name servers say', 'bold', screen)]),
    ...dns.records.flatMap((record) => recordLines(record, screen)),
  ];
}

function rowsOf({ ses, dns, method }: CheckedIdentity, now: string): readonly Row[] {
  const soa = soaOf(ses);
  const errorType = text(ses.errorType);
  const looked = text(ses.lastCheckedAt);
  const success = text(ses.lastSuccessAt);
  const serial = typeof soa.serial === 'number' ? String(soa.serial) : '';
  const says = sesSays({
    status: ses.status,
    ...(ses.signing === undefined ? {} : { signing: ses.signing }),
    ...(errorType === '' ? {} : { errorType }),
  });
  const asked = dns.zone !== undefined || dns.unknown !== undefined;
  const rows: readonly Row[] = [
    [method === 'byodkim' ? 'Own key' : 'DKIM', says, recordsInWords(dns)],
    ['Looked', looked === '' ? 'not told' : utcWithDistance(looked, now), asked ? 'just now' : 'not asked'],
    ['Right last', success === '' ? '' : utcWithDistance(success, now), allRight(dns) ? 'just now' : ''],
    ['Zone', '', dns.zone ?? ''],
    ['Primary', text(soa.primaryNameServer), dns.primary ?? ''],
    ['Serial', serial, dns.serials.slice(0, 4).join(', ')],
    ['Servers', '', listed(dns.nameServers, 6)],
  ];
  return rows.filter(([, left, right]) => left !== '' || right !== '');
}

/** SES's facts come as they were read: what is no text is left out. */
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function soaOf({ soa }: CheckedIdentity['ses']): Readonly<Record<string, unknown>> {
  return typeof soa === 'object' && soa !== null ? (soa as Readonly<Record<string, unknown>>) : {};
}

/** Begins with a space; empty where both look at the same place, or one does not say where. */
function otherServers({ ses, dns }: CheckedIdentity): string {
  const theirs = text(soaOf(ses).primaryNameServer).toLowerCase().replace(/\.$/, '');
  const ours = (dns.primary ?? '').toLowerCase().replace(/\.$/, '');
  if (theirs === '' || ours === '' || theirs === ours) return '';
  return ` SES looked at ${theirs}, the domain is served by ${ours} now: it may have moved from one DNS host to another.`;
}

const allRight = ({ records }: DnsView): boolean => records.length > 0 && records.every(({ state }) => state === 'right');

function recordsInWords({ records, unknown }: DnsView): string {
  if (records.length === 0) return unknown ?? 'nothing is expected of it';
  const count = (state: RecordView['state']): number => records.filter((one) => one.state === state).length;
  const [right, wrong, open] = [count('right'), count('wrong'), count('unknown')];
  const others = [...(wrong > 0 ? [`${wrong} not`] : []), ...(open > 0 ? [`${open} not judged`] : [])];
  return [`${right} of ${plural(records.length, 'record')} right`, ...others].join(', ');
}

/** Who is probably late. SES's checks come at a pace that nobody publishes; ours was made just now. */
function comparison(status: SesStatus, dns: DnsView): string {
  const { records } = dns;
  if (records.length === 0 && dns.unknown === undefined) return 'There is nothing to compare.';
  if (records.some(({ state }) => state === 'unknown') && records.every(({ state }) => state !== 'wrong'))
    return 'DNS could not be judged in full, so the two cannot be compared.';
  if (records.length === 0) return dns.unknown ?? '';
  return allRight(dns) ? WHERE_RIGHT[status] : WHERE_WRONG[status];
}

const WHERE_RIGHT: { readonly [S in SesStatus]: string } = {
  SUCCESS: 'They agree.',
  PENDING: 'They differ: SES has not looked again yet, or sees other name servers than we do.',
  TEMPORARY_FAILURE: 'They differ: SES has not looked again yet, or sees other name servers than we do.',
  FAILED: 'They differ: SES has stopped looking, and does not begin again by itself.',
  NOT_STARTED: 'They differ: the records are there, and SES does not look for them, since DKIM was not started.',
  UNKNOWN: 'What SES makes of it is not known.',
};

const WHERE_WRONG: { readonly [S in SesStatus]: string } = {
  SUCCESS: 'They differ: SES has not looked since. At its next check it finds what we found.',
  PENDING: 'They agree: SES waits for what is not right yet.',
  TEMPORARY_FAILURE: 'They agree: SES has noticed too.',
  FAILED: 'They agree, and SES has stopped looking.',
  NOT_STARTED: 'They agree: DKIM was not started.',
  UNKNOWN: 'What SES makes of it is not known.',
};

/** Two columns, or undefined if a word would not fit into its column. */
function table(rows: readonly Row[], screen: Screen): readonly string[] | undefined {
  const label = Math.max(...rows.map(([name]) => name.length)) + GAP;
  const column = Math.floor((screen.width - 2 - label - GAP) / 2);
  const longest = Math.max(...rows.flatMap(([, left, right]) => `${left} ${right}`.split(' ')).map((word) => word.length));
  if (longest > column) return undefined;
  return [HEAD, ...rows].flatMap(([name, left, right], row) => {
    const cells = [wrap(left, column), wrap(right, column)] as const;
    const height = Math.max(cells[0].length, cells[1].length, 1);
    return [...Array(height).keys()].map((i) => {
      const line = `  ${(i === 0 ? name : '').padEnd(label)}${(cells[0][i] ?? '').padEnd(column + GAP)}${cells[1][i] ?? ''}`.trimEnd();
      return row === 0 ? toned(line, 'bold', screen) : line;
    });
  });
}

function stacked(rows: readonly Row[], screen: Screen): readonly string[] {
  return rows.flatMap(([name, left, right]) => [
    toned(`  ${name}`, 'bold', screen),
    ...(left === '' ? [] : wrap(left, screen.width, '              ', '    SES says  ')),
    ...(right === '' ? [] : wrap(right, screen.width, '              ', '    DNS says  ')),
  ]);
}

function recordLines({ name, type, expected, says }: RecordView, screen: Screen): readonly string[] {
  const of = says.reduce((sum, { servers }) => sum + servers, 0);
  const cut = expected.length > 120 ? `${expected.slice(0, 100)}...${expected.slice(-12)}` : expected;
  return [
    ...verbatim(`${type} ${name}`),
    ...verbatim(`expected: ${cut}`, '    '),
    ...says.flatMap(({ what, servers }) => wrap(`${servers} of ${plural(of, 'server')}: ${what}`, screen.width, '      ', '    ')),
    ...(says.length === 0 ? ['    no server was asked'] : []),
  ];
}
