// A private key pasted into DNS: told, never repeated.
import { generateKeyPairSync } from 'node:crypto';
import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { dnsView } from '../../lambda/diagnosis/dns-view.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { leaks } from '../cli/secret-key.ts';
import { answer, evidence, KEY, NXDOMAIN, OTHER_KEY, only, type Scene, txt } from './build.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const [pkcs1, pkcs8] = (['pkcs1', 'pkcs8'] as const).map((type) => privateKey.export({ type, format: 'der' }).toString('base64'));
const name = dnsName('s1._domainkey.example.com');
const key = (...values: readonly string[]) => only('all', (r) => answer(...values.map((value) => txt(r.name, value))), { type: 'TXT' });

test.each<[string, Scene]>([
  ['PKCS #1 alone', { answer: key(`${pkcs1}`) }],
  ['PKCS #8 behind p=', { answer: key(`v=DKIM1; k=rsa; p=${pkcs8}`) }],
  ['cut', { answer: key(`p=${pkcs1?.slice(0, 700)}`) }],
  ['PEM', { answer: key(`p=${pem}`) }],
  ['beside the right record', { answer: key(`p=${KEY}`, `p=${pkcs1}`) }],
  ['in two records, the rest first in order', { answer: key(`p=${pkcs1?.slice(0, 256)}`, `+${pkcs1?.slice(256)}`) }],
  ['in two records', { answer: key(`p=${pkcs1?.slice(0, 255)}`, `${pkcs1?.slice(255)}`) }],
  [
    'at one server of two',
    {
      answer: (asked) => only(0, (r) => answer(txt(r.name, `p=${pkcs1}`)), { type: 'TXT', server: 0 })(asked) ?? key(`p=${KEY}`)(asked),
    },
  ],
  ['remembered, and gone', { answer: only('all', NXDOMAIN), history: { lastRecords: [{ name, type: 'TXT', value: `p=${pkcs8}` }] } }],
])('%s', (_, scene) => {
  const whole = evidence({ method: 'byodkim', ...scene });
  const { findings } = diagnose(whole);
  expect(findings.length).toBeGreaterThan(0);
  // What is kept as well as what is told.
  const told = JSON.stringify([findings, findings.map((one) => toReportFinding(one, EXAMPLE_SUBJECT)), dnsView(whole)]);
  expect(leaks(told, pem)).toBe(false);
});

test('beside a good key in the same record: not remembered, and the key is still known', () => {
  const scene: Scene = { answer: key(`v=DKIM1; p=${KEY}; n=${pkcs1}`) };
  const known = evidence({ method: 'byodkim', ...scene });
  const history = nextHistory(known, diagnose(known));
  expect(leaks(JSON.stringify(history), pem)).toBe(false);
  expect(diagnose({ ...known, history })).toEqual({ kind: 'healthy', findings: [] });
  const other = evidence({ method: 'byodkim', answer: key(`v=DKIM1; p=${OTHER_KEY}; n=${pkcs1}`) });
  expect(diagnose({ ...other, history }).findings.map(({ kind }) => kind)).toEqual(['key-changed']);
});
