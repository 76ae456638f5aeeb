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
      'silent.com': { ns: ['ns1.silent.net'], records: { 's1._domainkey': record(own.p) } },
      'amazonses.com': {
        ns: ['ns1.ses.net'],
        records: { 'ses._domainkey': record(ses.p), 'ses._domainkey.me-central-1': record(ses.p), [`${TOKEN}.dkim`]: record(own.p) },
      },
    },
  });
  zone.dns.control.behave({ servers: ['ns1.silent.net'], types: ['TXT'], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
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
    ['a footer added', SHOP, (text) => `${text}-- \r\nlist footer\r\n`, 'body-changed', 'the key is the right one'],
    [
      'the subject changed',
      SHOP,
      (text) => text.replace('Subject: Hello', 'Subject: [list] Hello'),
      'header-changed',
      'dkim-monitor check shop.com --selector s1',
    ],
    [
      'signed with another key',
      { ...SHOP, privateKey: other.pem },
      (text) => text,
      'header-changed',
      'dkim-monitor byodkim verify --key KEY_FILE --selector s1 shop.com',
    ],
    ['no such selector', { ...SHOP, selector: 'none' }, (text) => text, 'key-missing', 'dkim-monitor check shop.com --selector none'],
    [
      'Easy DKIM’s record gone',
      { ...SHOP, selector: `a${TOKEN.slice(1)}` },
      (text) => text,
      'key-missing',
      'dkim-monitor check shop.com --region eu-west-1',
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

describe('not signed by the domain in From', () => {
  test('SES alone: the causes of AWS’s page, each with its command', async () => {
    const { code, out, told } = await inspect(await signed(message(), SES));
    expect(code).toBe(1);
    expect(told.signatures).toMatchObject([{ whose: 'ses', result: 'pass' }]);
    expect(out).toContain('Not signed by shop.com: no DKIM signature speaks for the domain in From.');
    expect(out).toContain('dkim-monitor check shop.com --region eu-west-1');
    expect(out).toContain('aws sesv2 get-email-identity --region eu-west-1 --email-identity news@shop.com');
    expect(out).toContain('dkim-monitor sweep --all');
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

describe('odd From lines are a verdict, not a crash', () => {
  test.each([
    ['two From lines', `From: me@lists.org\r\n${message()}`, 'There are 2 From lines where one is allowed'],
    ['two addresses', message().replace('<news@shop.com>', '<news@shop.com>, b@lists.org'), '2 addresses of different domains'],
    ['no From line', message().replace(/From:.*\r\n/, ''), 'There is no From line'],
    ['no address', message().replace(/From:.*\r\n/, 'From: nobody\r\n'), 'From'],
    ['no domain', message().replace(/From:.*\r\n/, 'From: <a@b..c>\r\n'), 'has no domain'],
  ])('%s', async (_, text, words) => {
    const { code, out } = await inspect(text);
    expect(code).toBe(1);
    expect(out).toContain(words);
  });

  test('the comment and the quoted part of From do not count', async () => {
    const text = message().replace(/From:.*\r\n/, 'From: "fake@lists.org" (x@lists.org) <news@shop.com>\r\n');
    expect((await inspect(await signed(text, SHOP))).code).toBe(0);
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

describe('within bounds', () => {
  test('a hundred signatures cost ten questions, and the own ones come first', async () => {
    const text = await signed(message(), SHOP);
    const crowd = Array.from(
      { length: 100 },
      (_, i) => `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d${i}.lists.org; s=x;\r\n h=from; bh=AAAA; b=AAAA\r\n`,
    );
    zone.dns.control.clearLog();
    const file = zone.file('crowd.eml', crowd.join('') + text);
    const { code, out } = await runCommand(['inspect', file, ...zone.flags]);
    expect(code).toBe(0);
    expect(oneLine(out)).toContain('91 more signatures not looked at.');
    const names = new Set(zone.dns.control.log.filter(({ server }) => server === 'resolver').map(({ name }) => name));
    expect(names.size).toBe(10);
  });

  test('signatures that each want a run over the body of their own are cut short', async () => {
    const crowd = Array.from(
      { length: 9 },
      (_, i) => `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=lists.org; s=x; h=from; l=${i + 1}; bh=AAAA; b=AAAA\r\n`,
    );
    const { out, told } = await inspect(crowd.join('') + (await signed(message(), SHOP)));
    expect(told).toMatchObject({ verdict: 'aligned', notLookedAt: 6 });
    expect(out).toContain('6 more signatures not looked at.');
  });

  test('the library prints nothing of its own into the output', async () => {
    const printed: unknown[] = [];
    const { log } = console;
    console.log = (...words: unknown[]) => printed.push(words);
    try {
      await inspect((await signed(message(), SHOP)).replace('v=1; ', 'v=1; l=100000; '));
    } finally {
      console.log = log;
    }
    expect(printed).toEqual([]);
  });

  test('the same key is asked for once, and nobody but the configured resolver is asked', async () => {
    const text = await signed(message(), SHOP, { ...SHOP, canonicalization: 'simple/simple' });
    const file = zone.file('twice.eml', text);
    zone.dns.control.clearLog();
    await runCommand(['inspect', file, ...zone.flags]);
    const asked = zone.dns.control.log.filter(({ server, type }) => server === 'resolver' && type === 'TXT');
    expect(asked.map(({ name }) => name)).toEqual(['s1._domainkey.shop.com']);
  });
});

describe('what is not a message is one sentence and exit 64', () => {
  test.each([
    ['empty', '', 'is empty'],
    ['text', 'hello there\nthis is no mail\n', 'its first line is "hello there"'],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), 'is not a mail message'],
    ['binary with a colon', Buffer.from('a:\u0000\u0001\u0002'), 'binary data'],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(message(), 'utf16le')]), 'is written as UTF-16'],
    ['Outlook’s own form', Buffer.from('d0cf11e0a1b11ae1', 'hex'), "Outlook's own form"],
    ['a PDF', '%PDF-1.7', 'is a PDF'],
    ['a ZIP file', Buffer.from('504b0304', 'hex'), 'is a ZIP file'],
    ['a web page', '<!DOCTYPE html><html>', 'is a web page'],
    ['a header without end', `a: b\r\n${'x-field: yes\r\n'.repeat(6000)}`, 'its header never ends'],
    ['a header of one long line', `a: ${'b'.repeat(300_000)}\r\n\r\n`, 'its header never ends'],
    ['bare carriage returns', `From: a@b.com\r${'\r'.repeat(5000)}x\r\n\r\n`, 'carriage returns'],
    ['a line of 2 MB', `From: a@b.com\r\n\r\n${'x'.repeat(2_000_000)}`, 'a line of more than 1 MB'],
    ['51 MB', Buffer.alloc(51_000_000, 'a: b\n'), 'is larger than 50 MB'],
  ] as readonly [string, string | Buffer, string][])('%s', async (_, content, sentence) => {
    const ran = await runCommand(['inspect', zone.file('bad.eml', content), ...zone.flags]);
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(oneLine(ran.err)).toContain(sentence);
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
    expect(hasControls(ran.err)).toBe(false);
  });

  test('an endless file, a folder, no file, nothing on standard input', async () => {
    expect((await runCommand(['inspect', '/dev/zero'])).err).toContain('is larger than 50 MB');
    expect((await runCommand(['inspect', zone.folder])).err).toContain('it is a folder');
    expect(await runCommand(['inspect', 'nowhere.eml'])).toMatchObject({ code: 64, err: expect.stringContaining('there is no such file') });
    expect(await runCommand(['inspect'], '')).toMatchObject({ code: 64, err: expect.stringContaining('Standard input is empty') });
    expect(await runCommand(['inspect'])).toMatchObject({ code: 64, err: expect.stringContaining('no standard input') });
  });

  test('misspelt flags are guessed, and help shows examples', async () => {
    expect((await runCommand(['inspect', '--jsno'])).err).toContain('Did you mean --json?');
    expect((await runCommand(['inspekt', 'x'])).err).toContain('Did you mean inspect?');
    expect((await runCommand(['inspect', '--help'])).out).toContain('Examples:');
  });
});
