// The made-up domain that the examples of the documentation are about.
import type { Subject } from '../../model/alert.ts';
import type { ExpectedRecord } from '../../model/expectation.ts';
import type { Lookup, Outcome, QuestionType } from '../../model/lookup.ts';
import { dnsName } from '../../model/names.ts';

export const EXAMPLE_AT = '2026-03-01T14:02:00.000Z';
export const EXAMPLE_HEALTHY_AT = '2026-03-01T13:57:00.000Z';
export const EXAMPLE_ZONE = dnsName('example.com');
export const EXAMPLE_SERVERS = [dnsName('ns1.example.net'), dnsName('ns2.example.net')] as const;

export const EXAMPLE_SUBJECT: Subject = {
  account: '111111111111',
  region: 'eu-west-1',
  identity: 'example.com',
  type: 'domain',
  method: 'easy',
  status: 'SUCCESS',
  signing: true,
  readAt: '2026-03-01T13:40:00.000Z',
};

const TOKENS = ['2ybqurj5fvb3ygqrxqw5xg2xlsdd2bqx', 'hb7mfktx5xjjg3q6blwsnsqyixhlvgcs', 'ndvnnz3tdb2k7kjzuxqxvkqmbxa4xmpo'];

export const EXAMPLE_RECORDS: readonly ExpectedRecord[] = TOKENS.map((token) => ({
  type: 'CNAME',
  token,
  name: dnsName(`${token}._domainkey.example.com`),
  target: dnsName(`${token}.dkim.amazonses.com`),
}));

export const EXAMPLE_FIRST = EXAMPLE_RECORDS.slice(0, 1);

export const EXAMPLE_KEY_RECORD: ExpectedRecord = { type: 'TXT', token: 's1', name: dnsName('s1._domainkey.example.com') };

/** One answer of each name server about the first record. */
export function exampleLookups(type: QuestionType, outcome: Outcome, record = EXAMPLE_RECORDS[0]): readonly Lookup[] {
  return EXAMPLE_SERVERS.map((name, i) => ({
    server: { role: 'authoritative', name, address: `192.0.2.${i + 1}` },
    question: { name: record?.name ?? EXAMPLE_ZONE, type },
    outcome,
    at: EXAMPLE_AT,
  }));
}
