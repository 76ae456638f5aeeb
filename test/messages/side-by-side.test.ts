// SES's word beside DNS's: golden/check-*.txt, and who is said to be late.
import { domainPage } from '../../lambda/messages/terminal.ts';
import type { CheckedIdentity, DnsView, RecordView } from '../../lambda/model/dns-view.ts';
import type { SesStatus } from '../../lambda/model/identity.ts';
import { DANGEROUS } from './build.ts';
import { reportIdentityOf } from './build-report.ts';
import { golden } from './golden-file.ts';

const screen = { width: 80, color: false, now: '2026-03-01T14:05:00.000Z' };

const record = (more: Partial<RecordView> = {}): RecordView => ({
  name: '2ybqurj5fvb3ygqrxqw5xg2xlsdd2bqx._domainkey.example.com.',
  type: 'CNAME',
  expected: '2ybqurj5fvb3ygqrxqw5xg2xlsdd2bqx.dkim.amazonses.com.',
  state: 'right',
  says: [{ what: 'right', servers: 2 }],
  ...more,
});
const missing = record({ state: 'wrong', says: [{ what: 'not there (NXDOMAIN)', servers: 2 }] });
const open = record({ state: 'unknown', says: [{ what: 'no answer that counts (time-out)', servers: 2 }] });

const view = (more: Partial<DnsView> = {}): DnsView => ({
  zone: 'example.com',
  nameServers: ['ns1.example.net', 'ns2.example.net'],
  primary: 'ns1.example.net',
  serials: [2026030102],
  records: [record(), record(), record()],
  ...more,
});

function checked(status: SesStatus, dns: DnsView, more: Readonly<Record<string, unknown>> = {}): CheckedIdentity {
  const identity = reportIdentityOf('example.com', [], undefined, { status });
  return { ...identity, ses: { ...identity.ses, lastCheckedAt: '2026-03-01T11:05:00.000Z', ...more }, dns };
}

const page = (identity: CheckedIdentity, width = 80): string => domainPage(identity, { ...screen, width });
const flat = (text: string): string => text.replace(/\s+/g, ' ');

test('in two columns, and one below the other where they do not fit', () => {
  const late = checked('TEMPORARY_FAILURE', view(), {
    errorType: 'HOST_NOT_FOUND',
    lastSuccessAt: '2026-02-28T11:05:00.000Z',
    soa: { primaryNameServer: 'ns1.old-host.example', serial: 7 },
  });
  golden('check-side-by-side', page(late));
  const long = 'ns1.a-name-server-with-a-name-that-fits-no-column.example';
  golden('check-stacked-narrow', page(checked('SUCCESS', view({ records: [record(), missing], primary: long })), 60));
});

test.each<[SesStatus, readonly RecordView[], string]>([
  ['SUCCESS', [record()], 'They agree.'],
  ['SUCCESS', [missing], 'They differ: SES has not looked since.'],
  ['PENDING', [record()], 'They differ: SES has not looked again yet'],
  ['PENDING', [missing], 'They agree: SES waits for what is not right yet.'],
  ['TEMPORARY_FAILURE', [record()], 'They differ: SES has not looked again yet'],
  ['TEMPORARY_FAILURE', [missing], 'They agree: SES has noticed too.'],
  ['FAILED', [record()], 'They differ: SES has stopped looking'],
  ['FAILED', [missing, open], 'They agree, and SES has stopped looking.'],
  ['NOT_STARTED', [], 'There is nothing to compare.'],
  ['UNKNOWN', [record()], 'What SES makes of it is not known.'],
  ['SUCCESS', [record(), open], 'DNS could not be judged in full'],
])('%s beside %j', (status, records, sentence) => {
  expect(flat(page(checked(status, view({ records }))))).toContain(sentence);
});

test('a domain that is gone, and one that nobody asked about', () => {
  const gone = view({ records: [], nameServers: [], serials: [], unknown: 'DNS says that example.com does not exist.' });
  expect(flat(page(checked('SUCCESS', gone)))).toContain('DNS says that example.com does not exist.');
  const { zone: _zone, primary: _primary, ...nothing } = view({ records: [], nameServers: [], serials: [] });
  expect(flat(page(checked('NOT_STARTED', nothing)))).toMatch(/Looked .* not asked/);
});

test('whatever SES and DNS say, nothing can speak to the terminal', () => {
  const bad = 'a\u001b]0;owned\u0007\u202e';
  const dns = view({
    zone: bad,
    primary: bad,
    nameServers: [bad],
    unknown: bad,
    records: [record({ name: bad, expected: bad, says: [{ what: bad, servers: 1 }] })],
  });
  for (const width of [60, 80, 140])
    expect(
      DANGEROUS.exec(page(checked('SUCCESS', dns, { errorType: bad, soa: { primaryNameServer: bad }, lastSuccessAt: bad }), width)),
    ).toBeNull();
});

test('odd facts of SES are left out', () => {
  const odd = checked('SUCCESS', view(), { soa: 'x', lastCheckedAt: 5, errorType: {}, lastSuccessAt: null });
  expect(page(odd)).not.toMatch(/undefined|NaN|object|Invalid/);
  expect(flat(page(odd))).toMatch(/Looked not told just now/);
});
