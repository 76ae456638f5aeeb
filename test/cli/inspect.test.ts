// `dkim-monitor inspect`: real signed messages against keys that are really asked for, and what is not a message at all.
import { generateKeyPairSync } from 'node:crypto';
import { type KeyZone, keyPair, record, startKeyZone, txt } from './key-zone.ts';
import { hasControls, oneLine, type Ran, runCommand, tooWide } from './run-command.ts';
import { message, type Signer, signed } from './signed-message.ts';

const own = keyPair();
const other = keyPair();
const ses = keyPair();
const weak = keyPair(768);
const edwards = generateKeyPairSync('ed25519');
const edPublic = edwards.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
const edPem = edwards.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const TOKEN = '2ybqurj5fvb3ygqrxqw5xg2xlsdd2bqx';

let zone: KeyZone;

beforeAll(async () => {
  zone = await startKeyZone({
    zones: {
      'shop.com': {
        ns: ['ns1.hoster.net'],
        records: {
          's1._domainkey': record(own.p),
          [`${TOKEN}._domainkey`]: { CNAME: `${TOKEN}.dkim.amazonses.com` },
          'other._domainkey': record(other.p),
          'revoked._domainkey': txt('v=DKIM1; p='),
          'cut._domainkey': txt(`v=DKIM1; k=rsa; p=${own.p}`.slice(0, 255)),
          'test._domainkey': record(own.p, 't=y; '),
          'two._domainkey': { TXT: [['v=DKIM1; p='], [`p=${own.p.slice(0, 200)}`, own.p.slice(200)]] },
          'weak._domainkey': record(weak.p),
          'ed._domainkey': txt(`v=DKIM1; k=ed25519; p=${edPublic}`),
        },
      },
      'mail.shop.com': { ns: ['ns1.hoster.net'], records: { 's1._domainkey': record(own.p) } },
      'lists.org': { ns: ['ns1.hoster.net'], records: { 's1._domainkey': record(other.p) } },
      // Of these the resolver says that they are not there.
      'hidden.com': { ns: ['ns1.hoster.net'], records: { 's1._domainkey': record(own.p), 's2._domainkey': { CNAME: 'keys.hidden.org' } } },
      'hidden.org': { ns: ['ns2.hoster.net'], records: { keys: record(own.p) } },
      'unseen.com': { ns: ['ns1.unseen.net'], records: { 's1._domainkey': record(own.p) } },
      'silent.com': { ns: ['ns1.silent.net'], records: { 's1._domainkey': record(own.p) } },
      'amazonses.com': {
        ns: ['ns1.ses.net'],
        records: { 'ses._domainkey': record(ses.p), 'ses._domainkey.me-central-1': record(ses.p), [`${TOKEN}.dkim`]: record(own.p) },
      },
    },
  });
  zone.dns.control.behave({ servers: ['ns1.silent.net'], types: ['TXT'], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
  zone.dns.control.behave({
    servers: ['resolver'],
    types: ['TXT'],
    names: ['hidden.com', 'hidden.org', 'unseen.com'],
    behaviour: { kind: 'rcode', rcode: 'NXDOMAIN' },
  });
  zone.dns.control.behave({ servers: ['ns1.unseen.net'], types: ['TXT'], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
});

afterAll(() => zone.close());

const SHOP: Signer = { domain: 'shop.com', selector: 's1', privateKey: own.pem };
const SES: Signer = { domain: 'amazonses.com', selector: 'ses', privateKey: ses.pem };
const LIST: Signer = { domain: 'lists.org', selector: 's1', privateKey: other.pem };

interface Told {
  readonly verdict: string;
  readonly signatures: readonly { readonly whose: string; readonly result: string; readonly reason?: string; readonly alignment: string }[];
  readonly next: readonly string[];
}

async function inspect(text: string | Buffer): Promise<Ran & { readonly told: Told }> {
  const file = zone.file('message.eml', text);
  const ran = await runCommand(['inspect', file, ...zone.flags]);
  const json = await runCommand(['inspect', file, '--json', ...zone.flags]);
  expect(json.code).toBe(ran.code);
  expect(ran.err + json.err).toBe('');
  expect(hasControls(ran.out)).toBe(false);
  expect(hasControls(json.out)).toBe(false);
  expect(tooWide(ran.out)).toEqual([]);
  return { ...ran, out: oneLine(ran.out), told: JSON.parse(json.out) as Told };
}

describe('signatures that hold', () => {
  test('the domain’s own, and SES’s second one', async () => {
    const { code, out, told } = await inspect(await signed(message(), SHOP, SES));
    expect(code).toBe(0);
    expect(out).toContain('Signed by shop.com, and the signature holds.');
    expect(out).toContain("SES's own second signature, on every message: normal, ignore it.");
    expect(out).toContain('Sent by SES yes, from eu-west-1, as the message says');
    expect(told).toMatchObject({
      verdict: 'aligned',
      signatures: [
        { domain: 'shop.com', whose: 'from', alignment: 'strict', body: 'as-signed', header: 'valid', result: 'pass', keyBits: 2048 },
        { domain: 'amazonses.com', whose: 'ses', alignment: 'none', result: 'pass' },
      ],
      next: [],
    });
  });

  test.each([
    ['Easy DKIM: the key behind a CNAME', { ...SHOP, selector: TOKEN }, 'strict'],
    ['simple canonicalization', { ...SHOP, canonicalization: 'simple/simple' }, 'strict'],
    ['relaxed canonicalization', { ...SHOP, canonicalization: 'relaxed/relaxed' }, 'strict'],
    ['a domain below: relaxed alignment', { ...SHOP, domain: 'mail.shop.com' }, 'relaxed'],
    ['Ed25519', { domain: 'shop.com', selector: 'ed', privateKey: edPem, algorithm: 'ed25519-sha256' }, 'strict'],
    ['not expired', { ...SHOP, expires: new Date('2126-01-01') }, 'strict'],
  ] as readonly [string, Signer, string][])('%s', async (_, signer, alignment) => {
    const { code, told } = await inspect(await signed(message(), signer));
    expect(told.signatures).toMatchObject([{ result: 'pass', whose: 'from', alignment }]);
    expect(code).toBe(0);
  });

  test.each([
    ['line feeds alone, as files on disk have', (text: string) => text.replaceAll('\r\n', '\n')],
    ['a byte-order mark in front', (text: string) => `\ufeff${text}`],
    ['the line of a mailbox file in front', (text: string) => `From - Mon Jun 01 10:00:00 2026\r\n${text}`],
    ['empty lines in front', (text: string) => `\r\n\r\n${text}`],
  ])('the file has %s', async (_, change) => {
    expect((await inspect(change(await signed(message(), SHOP)))).code).toBe(0);
  });

  test('a message without a body', async () => {
    const text = await signed(message('', '').trimEnd().concat('\r\n\r\n'), SHOP);
    expect((await inspect(text)).code).toBe(0);
    expect((await inspect(text.trimEnd())).code).toBe(0);
  });

  test('a tail that nobody signed is told', async () => {
    const text = await signed(message(), { ...SHOP, lengthLimit: 10 });
    expect((await inspect(`${text}and more`)).out).toContain('bytes of the body are not signed (l=): anybody can have added them');
  });

  test('from standard input, with - and without', async () => {
    const text = await signed(message(), SHOP);
    expect((await runCommand(['inspect', ...zone.flags], text)).code).toBe(0);
    expect((await runCommand(['inspect', '-', ...zone.flags], text)).out).toContain('the signature holds');
  });
});

describe('signatures that do not hold', () => {
  const cases: readonly [string, Signer, (text: string) => string, string, string][] = [
    ['the body changed', SHOP, (text) => text.replace('this is it', 'this was it'), 'body-changed', 'Take the message as it came'],
    [
      'the body changed, perhaps not by chance',
      SHOP,
      (text) => text.replace('this is it', 'pay here'),
      'body-changed',
      'or the message is forged: do not trust it',
    ],
    ['a footer added', SHOP, (text) => `${text}-- \r\nlist footer\r\n`, 'body-changed', 'the key is the right one'],
    [
      'the subject changed',
      SHOP,
      (text) => text.replace('Subject: Hello', 'Subject: [list] Hello'),
      'header-changed',
      'npx dkim-monitor check shop.com --selector s1',
    ],
    [
      'signed with another key',
      { ...SHOP, privateKey: other.pem },
      (text) => text,
      'header-changed',
      'npx dkim-monitor byodkim verify --key KEY_FILE --selector s1 shop.com',
    ],
    ['no such selector', { ...SHOP, selector: 'none' }, (text) => text, 'key-missing', 'npx dkim-monitor check shop.com --selector none'],
    [
      'Easy DKIM’s record gone',
      { ...SHOP, selector: `a${TOKEN.slice(1)}` },
      (text) => text,
      'key-missing',
      'npx dkim-monitor check shop.com --region eu-west-1',
    ],
    [
      'Easy DKIM’s record gone, of any 32 letters and digits',
      { ...SHOP, selector: '0189'.repeat(8) },
      (text) => text,
      'key-missing',
      'npx dkim-monitor check shop.com --region eu-west-1',
    ],
    ['revoked', { ...SHOP, selector: 'revoked' }, (text) => text, 'key-revoked', 'revoked: its p= is empty'],
    ['cut', { ...SHOP, selector: 'cut' }, (text) => text, 'key-malformed', 'The key is cut'],
    ['a test', { ...SHOP, selector: 'test' }, (text) => text, 'key-testing', 't=y'],
    ['two records', { ...SHOP, selector: 'two' }, (text) => text, 'key-several', 'There are 2 TXT records'],
    ['a short key', { ...SHOP, selector: 'weak', privateKey: weak.pem }, (text) => text, 'key-too-short', '768 bits'],
    ['SHA-1', { ...SHOP, algorithm: 'rsa-sha1' }, (text) => text, 'algorithm-sha1', 'SHA-1'],
    ['From is not covered', SHOP, (text) => text.replace(/h=[^;]+;/, 'h=subject;'), 'from-not-signed', 'does not cover the From line'],
    ['expired', { ...SHOP, expires: new Date('2026-06-02') }, (text) => text, 'expired', 'It expired (2026-06-02'],
    ['no version', SHOP, (text) => text.replace('v=1; ', ''), 'malformed', 'its v= is not 1'],
    ['an unknown algorithm', SHOP, (text) => text.replace('a=rsa-sha256', 'a=rsa-md5'), 'algorithm-unknown', 'rsa-md5'],
    ['no body hash', SHOP, (text) => text.replace(/bh=[^;]+;/, ''), 'malformed', 'bh='],
    ['dates out of all range', SHOP, (text) => text.replace(/t=\d+/, 't=99999999999999999999'), 'header-changed', ''],
    ['more covered than there is', SHOP, (text) => text.replace('v=1; ', 'v=1; l=100000; '), 'header-changed', ''],
    ['nothing of the body covered', SHOP, (text) => text.replace('v=1; ', 'v=1; l=0; '), 'body-not-covered', 'l=0'],
  ];
  test.each(cases)('%s', async (_, signer, change, reason, words) => {
    const { code, out, told } = await inspect(change(await signed(message(), signer)));
    expect(told).toMatchObject({ verdict: 'not-aligned', signatures: [{ whose: 'from', result: 'fail', reason }] });
    expect(out).toContain('Signed by shop.com, but the signature does not hold.');
    expect(out).toContain(words);
    expect(code).toBe(1);
  });

  test('another signature that holds shows that the key is the wrong one', async () => {
    const { out } = await inspect(await signed(message(), { ...SHOP, privateKey: other.pem }, SES));
    expect(out).toContain('the key in DNS is not the one that signed');
  });

  test('one of two that holds is enough', async () => {
    const { code, told } = await inspect(await signed(message(), { ...SHOP, selector: 'none' }, SHOP));
    expect(told.signatures.map(({ result }) => result)).toEqual(['fail', 'pass']);
    expect(code).toBe(0);
  });

  test('DNS does not answer: unknown, exit 2', async () => {
    const text = message().replace('news@shop.com', 'news@silent.com');
    const { code, out, told } = await inspect(await signed(text, { ...SHOP, domain: 'silent.com' }));
    expect(told).toMatchObject({ verdict: 'unknown', signatures: [{ result: 'unknown' }] });
    expect(out).toContain('whether the signature holds could not be told');
    expect(code).toBe(2);
  });

  test('DNS does not answer, but the body was changed: that is known', async () => {
    const text = message().replace('news@shop.com', 'news@silent.com');
    const { code } = await inspect((await signed(text, { ...SHOP, domain: 'silent.com' })).replace('this is it', 'x'));
    expect(code).toBe(1);
  });
});

describe('a resolver alone says that there is no key', () => {
  const from = async (domain: string, signer: Partial<Signer>): Promise<string> =>
    signed(message().replace('news@shop.com', `news@${domain}`), { ...SHOP, domain, ...signer });

  test('the domain’s own servers have it: it is taken, also at the end of a CNAME', async () => {
    const { code, told } = await inspect(await from('hidden.com', {}));
    expect(told).toMatchObject({ verdict: 'aligned', signatures: [{ result: 'pass' }] });
    expect(code).toBe(0);
    expect((await inspect(await from('hidden.com', { selector: 's2' }))).code).toBe(0);
  });

  test('they say so too: it is missing', async () => {
    const { code, told } = await inspect(await from('hidden.com', { selector: 'none' }));
    expect(told.signatures).toMatchObject([{ result: 'fail', reason: 'key-missing' }]);
    expect(code).toBe(1);
  });

  test('they do not speak: it could not be told, as `byodkim verify` says of the same domain', async () => {
    const { code, out, told } = await inspect(await from('unseen.com', {}));
    expect(told).toMatchObject({ verdict: 'unknown', signatures: [{ result: 'unknown' }] });
    expect(out).not.toContain('There is no key in DNS');
    expect(code).toBe(2);
    const argv = ['byodkim', 'verify', '--key', zone.file('key.pem', own.pem), '--selector', 's1', 'unseen.com', ...zone.flags];
    expect((await runCommand(argv)).code).toBe(2);
  });
});

describe('not signed by the domain in From', () => {
  test('SES alone: the causes of AWS’s page, each with its command', async () => {
    const { code, out, told } = await inspect(await signed(message(), SES));
    expect(code).toBe(1);
    expect(told.signatures).toMatchObject([{ whose: 'ses', result: 'pass' }]);
    expect(out).toContain('Not signed by shop.com: no DKIM signature speaks for the domain in From.');
    expect(out).toContain('npx dkim-monitor check shop.com --region eu-west-1');
    expect(out).toContain('aws sesv2 get-email-identity --region eu-west-1 --email-identity news@shop.com');
    expect(out).toContain('npx dkim-monitor sweep --all');
  });

  test('SES’s own from a region', async () => {
    const { told } = await inspect(await signed(message(), { ...SES, domain: 'me-central-1.amazonses.com' }));
    expect(told.signatures).toMatchObject([{ whose: 'ses', result: 'pass' }]);
  });

  test('sent by somebody else', async () => {
    const foreign = message().replace(/Message-ID:.*\r\n|Feedback-ID:.*\r\n/g, '');
    const { out } = await inspect(await signed(foreign, LIST));
    expect(out).toContain('Nothing in the message says that SES sent it. It is signed by lists.org');
    expect((await inspect(foreign)).out).toContain('Nobody signed it');
  });

  test('names in the message get into commands only if they are plain', async () => {
    const evil = message().replace('news@shop.com', '"$(reboot)"@shop.com').replace('::1.eu-west-1.', '::1.;reboot;.');
    const { told } = await inspect(evil.replace('@eu-west-1.amazonses.com', '@x.amazonses.com'));
    expect(told.next.join('\n')).not.toContain('reboot');
    expect(told.next.join('\n')).toContain('--region REGION');
  });
});

test('what the receiver said is shown, as not checked, with hostile bytes made visible', async () => {
  const fields = 'Authentication-Results: mx.example.org;\r\n dkim=pass header.d=shop.com \u001b[31m\u202e spf=pass\r\n';
  const { code, out } = await inspect(
    Buffer.from(await signed(message(), SHOP))
      .toString('utf8')
      .replace(/^/, fields),
  );
  expect(out).toContain('Not checked here: anybody on the way can have written it into the message.');
  expect(out).toContain('mx.example.org; dkim=pass header.d=shop.com \\u001b[31m\\u202e spf=pass');
  expect(code).toBe(0);
  const claimed = await inspect(`${fields}${message()}`);
  expect(claimed.code).toBe(1);
});
