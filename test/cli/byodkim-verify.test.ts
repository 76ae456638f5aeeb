// `dkim-monitor byodkim verify`: what it says of key files and of published keys, its exit codes, and that no private key gets out.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type KeyZone, keyPair, record, startKeyZone, txt } from './key-zone.ts';
import { hasControls, oneLine, type Ran, runCommand, tooWide } from './run-command.ts';
import { leaks } from './secret-key.ts';

const key = keyPair();
const other = keyPair();
const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
const bare = createPrivateKey(key.pem).export({ type: 'pkcs1', format: 'der' }).toString('base64');
const pkcs8 = createPrivateKey(key.pem).export({ type: 'pkcs8', format: 'pem' }).toString();
const NS = ['ns1.hoster.net', 'ns2.hoster.net'];

let zone: KeyZone;
let pem: string;

beforeAll(async () => {
  zone = await startKeyZone({
    zones: {
      'shop.com': {
        ns: NS,
        records: {
          's1._domainkey': record(key.p),
          'other._domainkey': record(other.p),
          'revoked._domainkey': txt('v=DKIM1; p='),
          'leaked._domainkey': txt(`v=DKIM1; k=rsa; p=${bare}`),
          'both._domainkey': {
            TXT: [[`v=DKIM1; p=${key.p}`], [`v=DKIM1; p=${bare}`]].map(([value = '']) => value.match(/.{1,255}/g) ?? []),
          },
          'cut._domainkey': txt(`v=DKIM1; k=rsa; p=${key.p}`.slice(0, 255)),
          'test._domainkey': record(key.p, 't=y; '),
          'shut._domainkey': record(key.p, 's=web; '),
          'sha1._domainkey': record(key.p, 'h=sha1; '),
          'ed._domainkey': txt(`v=DKIM1; k=ed25519; p=${ed}`),
          'two._domainkey': { TXT: [[`v=DKIM1; k=rsa; p=${key.p.slice(0, 200)}`], [key.p.slice(200)]] },
          'away._domainkey': { CNAME: 'keys.elsewhere.org' },
          'lost._domainkey': { CNAME: 'nothing.elsewhere.org' },
          'evil._domainkey': txt('v=DKIM1; \u001b[31mred'),
        },
      },
      'elsewhere.org': { ns: ['ns1.elsewhere.org'], records: { keys: record(key.p) } },
      'silent.com': { ns: ['ns1.silent.net'], records: { 's1._domainkey': record(key.p) } },
      'halves.com': { ns: ['ns1.halves.net', 'ns2.halves.net'], records: { 's1._domainkey': record(key.p) } },
    },
  });
  zone.dns.control.behave({ servers: ['ns1.silent.net'], types: ['TXT'], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
  zone.dns.control.removeRecord('halves.com', 's1._domainkey', 'TXT', { servers: ['ns2.halves.net'] });
  pem = zone.file('key.pem', key.pem);
});

afterAll(() => zone.close());

const verify = (argv: readonly string[], input?: string | Buffer): Promise<Ran> =>
  runCommand(['byodkim', 'verify', ...argv, ...zone.flags], input);

const leaked = ({ out, err }: Ran): boolean => leaks(out + err, key.pem);

describe('a key file alone', () => {
  test.each([
    ['PKCS #1', key.pem, 'RSA private key, 2048 bits, PKCS #1.', 'Nothing is wrong.'],
    ['PKCS #8', pkcs8, 'RSA private key, 2048 bits, PKCS #8.', 'The key is good. Convert it before you give it to SES (below).'],
    ['as SES takes it', bare, 'base64 without header and footer, as SES takes it', 'Nothing is wrong.'],
  ])('%s: fine, exit 0', async (_, content, words, verdict) => {
    const ran = await verify(['--key', zone.file('a.pem', content)]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(oneLine(ran.out)).toContain(verdict);
    if (verdict !== 'Nothing is wrong.') expect(ran.out).not.toContain('Nothing is wrong');
    expect(oneLine(ran.out)).toContain(words);
    expect(ran.out).toContain(key.p);
    expect(tooWide(ran.out)).toEqual([]);
    expect(leaked(ran)).toBe(false);
  });

  test('how to make what SES takes of it, as a command', async () => {
    const { out } = await verify(['--key', pem]);
    expect(out).toContain(`(umask 077; openssl rsa -in ${pem} -traditional -outform DER | openssl base64 -A > ses-key.txt)`);
    expect(oneLine(out)).toContain(
      "Put its content into DomainSigningPrivateKey (or the console's private key field), then delete the file: rm ses-key.txt",
    );
    const flawed = await verify(['--key', zone.file('bad.pem', bare.replace(/.{64}/g, '$&\n'))]);
    expect(oneLine(flawed.out)).toMatch(/\(umask 077; .* > ses-key\.txt\).*then delete the file: rm ses-key\.txt/);
    expect((await verify(['--key', zone.file('bare.txt', bare)])).out).not.toContain('openssl');
  });

  test.each([
    ['line breaks', bare.replace(/.{64}/g, '$&\n'), 'BadRequestException'],
    ['encoded twice', Buffer.from(key.pem).toString('base64'), 'encoded in base64 once more'],
    [
      'header and footer in signing attributes',
      JSON.stringify({ DomainSigningSelector: 's1', DomainSigningPrivateKey: key.pem }),
      'BadRequestException',
    ],
    ['half a header', key.pem.replace(/-----END.*/s, ''), 'only a part was removed'],
    ['cut', `${key.pem.slice(0, 900)}\n-----END RSA PRIVATE KEY-----`, 'The key is cut'],
    [
      'encrypted',
      createPrivateKey(key.pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      'passphrase',
    ],
    ['too short', keyPair(512).pem, 'too short'],
    ['quoted', JSON.stringify(key.pem), 'quotation marks'],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${key.p}\n-----END PUBLIC KEY-----\n`, 'This is a public key'],
    ['empty', '', 'There is nothing in it'],
    ['not a key', '\u001b[31mhello', 'There is no key in it'],
  ])('%s: wrong, exit 1, with what to do', async (_, content, words) => {
    const ran = await verify(['--key', zone.file('bad.pem', content)]);
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(oneLine(ran.out)).toContain('Something is wrong.');
    expect(oneLine(ran.out)).toContain(words);
    expect(ran.out).toContain('What to do');
    expect(hasControls(ran.out)).toBe(false);
    expect(leaked(ran)).toBe(false);
    const json = await verify(['--key', zone.file('bad.pem', content), '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      schema: 1,
      verdict: 'wrong',
      problems: expect.arrayContaining([{ kind: expect.any(String), says: expect.any(String) }]),
      fix: expect.any(Array),
    });
    expect(leaked(json)).toBe(false);
  });

  test('a public key where the private one was asked for: the other way is no second step', async () => {
    const { out } = await verify(['--key', zone.file('pub.pem', `-----BEGIN PUBLIC KEY-----\n${key.p}\n-----END PUBLIC KEY-----\n`)]);
    expect(oneLine(out)).toMatch(/Give the file that holds the private key\. .*Only if the private key is lost: make a new pair:/);
  });

  test('a private key where a public one was asked for', async () => {
    const ran = await verify(['--public-key', pem]);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.out)).toContain('This is the PRIVATE key. Never publish it');
    expect(ran.out).toContain(`openssl rsa -in ${pem} -pubout -out public.pem`);
    expect(leaked(ran)).toBe(false);
  });

  test.each([
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(key.pem, 'utf16le')]), 'iconv -f UTF-16'],
    ['bare base64', bare, 'openssl base64 -d -A | openssl rsa -inform DER -pubout -out public.pem'],
    ['JSON', JSON.stringify({ DomainSigningSelector: 's1', DomainSigningPrivateKey: bare }), '"DomainSigningPrivateKey"'],
    ['typed line breaks', key.pem.replaceAll('\n', '\\n'), "sed -e 's/"],
    ['bytes', Buffer.from(bare, 'base64'), 'openssl rsa -inform DER -in'],
  ] as readonly [string, string | Buffer, string][])(
    'its public half, taken out of %s: not by a command that OpenSSL refuses',
    async (_, content, words) => {
      const path = zone.file('bad.pem', content);
      const { out } = await verify(['--public-key', path]);
      expect(out).toContain(words);
      expect(out).not.toContain(`openssl rsa -in ${path}`);
    },
  );

  test('a private key that SES never takes, where a public one was asked for: a new pair, and nothing else', async () => {
    const { out } = await verify(['--public-key', zone.file('short.pem', keyPair(768).pem)]);
    expect(out).toContain('byodkim new');
    expect(out).not.toContain('public half');
  });

  test.each([
    [
      'a PKCS #12 store',
      Buffer.from(`3013020103300e06092a864886f70d010701${'a000'}00`, 'hex'),
      'This is a PKCS #12 store',
      'openssl pkcs12 -in',
    ],
    ['broken JSON', `{"DomainSigningSelector":"s1","DomainSigningPrivateKey":"${bare}"`, 'the JSON is broken', 'Make the JSON anew'],
    [
      'the public half of SSH',
      'ssh-rsa AAAAB3NzaC1yc2E me@example',
      'the public half of a key, written in the form of SSH',
      'a file of its own, mostly of the same name without .pub',
    ],
    ['long dashes', key.pem.replaceAll('-----', '\u2014'), 'a word processor or a form changed them', '> ses-key.txt'],
  ] as readonly [string, string | Buffer, string, string][])('%s is named, with what to do', async (_, content, words, todo) => {
    const ran = await verify(['--key', zone.file('bad.pem', content)]);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.out)).toContain(words);
    expect(oneLine(ran.out)).toContain(todo);
    expect(ran.out).not.toContain('ssh-keygen -p');
    expect(leaked(ran)).toBe(false);
  });

  test('the text of a record with the private key in it: nobody has looked whether it is published', async () => {
    const ran = await verify(['--key', zone.file('rec.txt', `v=DKIM1; k=rsa; p=${bare}`)]);
    expect(ran.code).toBe(1);
    expect(ran.out).not.toContain('published for everyone');
    expect(oneLine(ran.out)).toMatch(/with the PRIVATE key in the place of the public one\..*If this was ever published, .*byodkim new/);
    expect(leaked(ran)).toBe(false);
  });

  test('a public key in the PKCS #1 form is wrong behind p=, unless the right one is published', async () => {
    const form = createPublicKey(key.pem).export({ type: 'pkcs1', format: 'pem' });
    const file = zone.file('pub1.pem', form);
    const ran = await verify(['--public-key', file]);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.out)).toMatch(/needs the other form \(SubjectPublicKeyInfo\).*-RSAPublicKey_in -pubout.*> p\.txt/);
    expect(ran.out).not.toContain('below');
    const published = await verify(['--public-key', file, '--selector', 's1', 'shop.com']);
    expect(published.code).toBe(0);
    expect(oneLine(published.out)).toContain('the published record has it');
  });

  test('another selector is taken before a command is pasted that holds it', async () => {
    const json = JSON.stringify({ DomainSigningSelector: 's.1', DomainSigningPrivateKey: key.pem });
    const { out } = await verify(['--key', zone.file('bad.json', json)]);
    expect(oneLine(out)).toMatch(
      /1\. Take a selector of letters and digits.* 2\. Make the JSON anew .*with the selector in place of NEW_SELECTOR/,
    );
    expect(out).not.toContain("' s.1 ");
  });

  test.each([
    ['s1', 0, ''],
    ['mail-1', 0, 'has hyphens'],
    ['a.b', 1, 'it has a period. SES takes 1 to 63 letters and digits, and answers BadRequestException'],
    ['s1._domainkey.shop.com', 1, 'is meant: s1.'],
    ['a_b', 1, 'neither a letter nor a digit'],
    ['a'.repeat(64), 1, 'too long'],
    ['\u001b[2J', 1, '\\u001b'],
  ])('selector %j', async (selector, code, words) => {
    const ran = await verify(['--key', pem, '--selector', selector]);
    expect(ran.code).toBe(code);
    expect(oneLine(ran.out)).toContain(words);
    expect(hasControls(ran.out)).toBe(false);
  });

  test('from standard input', async () => {
    expect(await verify(['--key', '-'], key.pem)).toMatchObject({
      code: 0,
      out: expect.stringContaining('standard input: RSA private key'),
    });
    expect(await verify(['--public-key', '-'], `v=DKIM1; p=${key.p}`)).toMatchObject({ code: 0 });
    expect(await verify(['--key', '-'], '')).toMatchObject({ code: 1 });
  });
});

describe('against what is published', () => {
  const cases: readonly [string, string, number, string, string][] = [
    ['the same', 's1', 0, 'match', 's1._domainkey.shop.com holds this key (2 name servers say so).'],
    ['another key', 'other', 1, 'other-key', 'holds another key (RSA, 2048 bits'],
    ['revoked', 'revoked', 1, 'revoked', 'holds a revoked key'],
    ['cut at 255', 'cut', 1, 'malformed', 'It ends at 255 characters'],
    ['a test', 'test', 1, 'restricted', 'marked as a test (t=y)'],
    ['not for mail', 'shut', 1, 'restricted', 's= tag'],
    ['not for SHA-256', 'sha1', 1, 'restricted', 'h= tag'],
    ['of another kind', 'ed', 1, 'other-type', 'another kind (ed25519)'],
    ['cut into two records', 'two', 1, 'several', 'holds 2 TXT records where one belongs'],
    ['delegated by CNAME', 'away', 0, 'match', 'holds this key'],
    ['a CNAME to nowhere', 'lost', 1, 'leads-nowhere', 'nothing.elsewhere.org, where there is no key'],
    ['missing', 'none', 1, 'missing', 'does not exist (2 name servers say so)'],
    ['hostile', 'evil', 1, 'malformed', '\\u001b[31mred'],
  ];
  test.each(cases)('%s', async (_, selector, code, kind, words) => {
    const argv = ['--key', pem, '--selector', selector, 'shop.com'];
    const ran = await verify(argv);
    expect(ran).toMatchObject({ code, err: '' });
    expect(oneLine(ran.out)).toContain(words);
    expect(hasControls(ran.out)).toBe(false);
    expect(tooWide(ran.out)).toEqual([]);
    expect(leaked(ran)).toBe(false);
    if (code === 1) expect(ran.out).toContain(`  Value  v=DKIM1; k=rsa; p=${key.p}\n`);
    const json = await verify([...argv, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      verdict: code === 0 ? 'fine' : 'wrong',
      key: { role: 'private', type: 'rsa', bits: 2048, form: 'pkcs1', publicKey: key.p },
      selector,
      published: { name: `${selector}._domainkey.shop.com`, kind },
    });
    expect(leaked(json)).toBe(false);
  });

  test.each([
    ['in place of the public one', 'leaked', 'holds a PRIVATE key in place of the public one'],
    ['beside the public one', 'both', 'A PRIVATE key is among them'],
  ])('the private key stands in DNS, %s: a new pair under a new selector, and nothing more of this one', async (_, selector, words) => {
    const ran = await verify(['--key', pem, '--selector', selector, 'shop.com']);
    expect(ran.code).toBe(1);
    expect(leaked(ran)).toBe(false);
    const said = oneLine(ran.out);
    expect(said).toContain(words);
    expect(said).toMatch(
      /Make a new key pair.*byodkim new shop\.com --selector NEW_SELECTOR.*Publish the new public key under a new selector/,
    );
    expect(said).toContain('delete the old one: everybody could read its private key');
    for (const onward of ['Publish the record below', 'The record that belongs to this key', 'What SES takes of it', 'ses-key.txt'])
      expect(said).not.toContain(onward);
    // The steps that `check` gives on the same record.
    if (selector === 'leaked') {
      const checked = await runCommand(['check', 'shop.com', '--selector', selector, '--json', ...zone.flags]);
      const { findings } = JSON.parse(checked.out) as { findings: { kind: string; fix: string[] }[] };
      const { fix } = JSON.parse((await verify(['--key', pem, '--selector', selector, 'shop.com', '--json'])).out) as { fix: string[] };
      expect(fix).toEqual(findings.find(({ kind }) => kind === 'key-malformed')?.fix);
      const flawed = await verify(['--key', zone.file('bad.pem', `"${bare}"`), '--selector', selector, 'shop.com', '--json']);
      expect((JSON.parse(flawed.out) as { fix: string[] }).fix).toEqual(fix);
    }
  });

  test('revoked: asks first whether the key leaked, before it is published or given again', async () => {
    const said = oneLine((await verify(['--key', pem, '--selector', 'revoked', 'shop.com'])).out);
    expect(said).toMatch(
      /1\. Find out why the key was taken out: on purpose, because its private key leaked .*A\. Make a new key pair.*B\. Publish the record below/,
    );
    expect(said).not.toContain('ses-key.txt');
  });

  test('a key of another kind: asks first whose it is, before it is overwritten', async () => {
    const said = oneLine((await verify(['--key', pem, '--selector', 'ed', 'shop.com'])).out);
    expect(said).toMatch(/1\. Find out whose record it is: .*A\. Publish the record below in place.*B\. If .*under a NEW selector/);
  });

  test('name servers that do not agree', async () => {
    const ran = await verify(['--key', pem, '--selector', 's1', 'halves.com']);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.out)).toMatch(/do not agree.*ns1\.halves\.net.*holds this key.*ns2\.halves\.net.*does not exist/);
  });

  test('a domain that is not there', async () => {
    const ran = await verify(['--key', pem, '--selector', 's1', 'nowhere.com']);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.out)).toContain('The domain nowhere.com does not exist');
  });

  test('nobody answers: the key is all right, exit 2', async () => {
    const ran = await verify(['--key', pem, '--selector', 's1', 'silent.com']);
    expect(ran.code).toBe(2);
    expect(oneLine(ran.out)).toContain('could not be told');
    const json = await verify(['--key', pem, '--selector', 's1', 'silent.com', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ verdict: 'unknown', published: { kind: 'unknown' } });
  });

  test('a public key alone, and the selector out of signing attributes', async () => {
    expect((await verify(['--public-key', zone.file('p.txt', key.p), '--selector', 's1', 'shop.com'])).code).toBe(0);
    const attributes = zone.file('s.json', JSON.stringify({ DomainSigningSelector: 's1', DomainSigningPrivateKey: bare }));
    expect((await verify(['--key', attributes, 'shop.com'])).code).toBe(0);
  });

  test('only what is needed is asked: name servers of the domain, and nothing of a broken key', async () => {
    zone.dns.control.clearLog();
    await verify(['--key', zone.file('bad.pem', 'nothing'), '--selector', 's1', 'shop.com']);
    expect(zone.dns.control.log).toEqual([]);
  });
});
