// `dkim-monitor inspect` on odd, huge, hostile and foreign input: a verdict or one sentence, within bounds.
import { type KeyZone, keyPair, record, startKeyZone } from './key-zone.ts';
import { hasControls, oneLine, runCommand } from './run-command.ts';
import { message, type Signer, signed } from './signed-message.ts';

const own = keyPair();
const SHOP: Signer = { domain: 'shop.com', selector: 's1', privateKey: own.pem };

let zone: KeyZone;

beforeAll(async () => {
  zone = await startKeyZone({
    zones: { 'shop.com': { ns: ['ns1.hoster.net'], records: { 's1._domainkey': record(own.p) } }, 'lists.org': { ns: ['ns1.hoster.net'] } },
  });
});

afterAll(() => zone.close());

async function inspect(text: string | Buffer): Promise<{ readonly code: number; readonly out: string }> {
  const { code, out, err } = await runCommand(['inspect', zone.file('message.eml', text), ...zone.flags]);
  expect(err).toBe('');
  expect(hasControls(out)).toBe(false);
  return { code, out: oneLine(out) };
}

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

  test('two addresses, and a signature of one of them: not said to be of another domain than From names', async () => {
    const text = message().replace('<news@shop.com>', '<news@shop.com>, b@lists.org');
    const { code, out } = await inspect(await signed(text, SHOP));
    expect(code).toBe(1);
    expect(out).toContain('Whose: nobody can say, for From names no one domain: it does not count for DMARC.');
    expect(out).not.toContain('not of the domain in From');
  });

  test('an address that begins with a hyphen is no option of the command that is shown', async () => {
    const { out } = await inspect(message().replace('news@shop.com', '-rf@shop.com'));
    expect(out).toContain('--email-identity=-rf@shop.com --query');
  });

  test('a signature without tags: what is missing is said, not left out', async () => {
    const { out } = await inspect(`DKIM-Signature: garbage\r\nDKIM-Signature: v=1; d=shop.com\r\n${message()}`);
    expect(out).toContain("1. (no d=) (no s=) (no a=) Whose: nobody's: it names no domain.");
    expect(out).toContain('2. d=shop.com (no s=) (no a=)');
  });

  test('the comment and the quoted part of From do not count', async () => {
    const text = message().replace(/From:.*\r\n/, 'From: "fake@lists.org" (x@lists.org) <news@shop.com>\r\n');
    expect((await inspect(await signed(text, SHOP))).code).toBe(0);
  });
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
    const names = new Set(
      zone.dns.control.log.filter(({ server, type }) => server === 'resolver' && type === 'TXT').map(({ name }) => name),
    );
    expect(names.size).toBe(10);
  });

  test('signatures that each want a run over the body of their own are cut short', async () => {
    const crowd = Array.from(
      { length: 9 },
      (_, i) => `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=lists.org; s=x; h=from; l=${i + 1}; bh=AAAA; b=AAAA\r\n`,
    );
    const { code, out } = await inspect(crowd.join('') + (await signed(message(), SHOP)));
    expect(code).toBe(0);
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
    ['a header of one long line without end', `a: ${'b'.repeat(300_000)}`, 'its header never ends'],
    ['a long header that ends', `a: ${'b'.repeat(300_000)}\r\n\r\nhi`, 'has a header of 293 KB. At most 256 KB are read'],
    ['a header of many lines that ends', `a: b\r\n${'x: y\r\n'.repeat(6000)}\r\nhi`, 'has a header of 6001 lines. At most 5000 are read'],
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
