// `dkim-monitor byodkim verify`, wrongly used: one sentence, exit 64, and no word of a key that was typed in the wrong place.
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyPair } from './key-zone.ts';
import { oneLine, type Ran, runCommand } from './run-command.ts';
import { leaks } from './secret-key.ts';

const key = keyPair();
const bare = createPrivateKey(key.pem).export({ type: 'pkcs1', format: 'der' }).toString('base64');

/** Its 14th line, deep inside what is secret. Slashes are put in by the tests, for they make a path of it. */
const line = key.pem.split('\n')[14]?.replaceAll('/', 'x') ?? '';

const verify = (argv: readonly string[], input?: string): Promise<Ran> => runCommand(['byodkim', 'verify', ...argv], input);

describe('wrong usage is one sentence and exit 64', () => {
  const cases: readonly [string, readonly string[], string][] = [
    ['no key', [], 'Which key?'],
    ['two keys', ['--key', 'a', '--public-key', 'b'], 'not both'],
    ['a file that is not there', ['--key', 'nowhere.pem'], 'nowhere.pem cannot be read: there is no such file'],
    ['an endless file', ['--key', '/dev/zero'], 'is larger than 64 KB'],
    ['an empty name', ['--key', ''], 'An empty name'],
    ['the key in place of its file', ['--key', bare], 'is a private key'],
    ['a key file pasted', ['--key', key.pem], 'is a private key'],
    ['the key behind another flag', [`--config=${bare}`], 'is a private key'],
    ['the key as the domain', ['--key', 'a.pem', '--selector', 's1', bare], 'is a private key'],
    ['a part of the key in place of its file', ['--key', bare.slice(0, 700)], 'not a key itself'],
    ['a part of the key as the domain', ['--key', 'a.pem', '--selector', 's1', bare.slice(300)], 'not a key itself'],
    ['a part of the key as the selector', ['--key', '-', '--selector', bare.slice(300)], 'not a key itself'],
    ['a public key in place of its file', ['--public-key', key.p], 'not a key itself'],
    ['a domain without selector', ['--key', '-', 'shop.com'], 'selectors are never guessed'],
    ['an address', ['--key', '-', '--selector', 's1', '1.2.3.4'], 'is an IP address'],
    [
      'a line of the key in place of its file',
      ['--key', line],
      '(a name of 64 characters that looks like a part of a key; if it is one, it is now',
    ],
    ['a line of the key with slashes in it', ['--key', `/${line.slice(0, 30)}/${line.slice(32)}`], '(a name of 64 characters'],
    ['a line of the key with a slash in front', ['--key', `/${line.slice(1)}`], '(a name of 64 characters'],
    ['a line of the key as the configuration', ['--key', '-', '--config', line], 'The configuration (a name of 64 characters'],
    ['a line of the key as the selector', ['--key', '-', '--selector', line], 'not a key itself'],
    ['a line of the key as the domain', ['--key', '-', '--selector', 's1', line], 'not a key itself'],
    ['a line of the key too many', ['--key', '-', 'a.com', line], 'too many arguments'],
    ['a misspelt flag', ['--kye', 'x'], 'Did you mean --key?'],
    ['two domains', ['--key', 'x', 'a.com', 'b.com'], 'too many arguments'],
  ];
  test.each(cases)('%s', async (_, argv, sentence) => {
    const ran = await verify(argv, key.pem);
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(oneLine(ran.err)).toContain(sentence);
    expect(leaks(ran.out + ran.err, key.pem)).toBe(false);
    expect(ran.err.toLowerCase()).not.toContain(line.slice(0, 12).toLowerCase());
  });

  test('the path of a folder that is there is shown, however long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'Customers-of-2026-And-Their-Sending-Domains-'));
    const name = join(folder, 'nowhere.pem');
    expect((await verify(['--key', name])).err).toContain(`${name} cannot be read`);
    rmSync(folder, { recursive: true });
  });

  test('a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
    mkdirSync(join(folder, 'sub'));
    expect(await verify(['--key', join(folder, 'sub')])).toMatchObject({ code: 64, err: expect.stringContaining('it is a folder') });
    rmSync(folder, { recursive: true });
  });

  test('a key in the place of a command is not repeated', async () => {
    const whole = await runCommand([bare]);
    expect(whole.code).toBe(64);
    expect(leaks(whole.out + whole.err, key.pem)).toBe(false);
    const part = await runCommand([bare.slice(100)]);
    expect(part.code).toBe(64);
    expect(leaks(part.out + part.err, key.pem)).toBe(false);
    expect(part.err).toContain('unknown command');
  });

  test('help shows examples', async () => {
    expect(await verify(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Examples:') });
  });
});
