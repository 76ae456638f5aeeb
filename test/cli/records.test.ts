// `dkim-monitor records` against the sandbox: what SES expects, where it belongs, and one form alone for a pipe.
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { bareIdentity, byodkimIdentity, easyIdentity, replicaIdentity, tokensFor } from '../../sandbox/aws/identities.ts';
import { KEY_1024, KEY_2048 } from '../../sandbox/dns/keys.ts';
import { firstLight, HOME, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { hasControls, openStage, run, type Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage(firstLight.world, HOME);
});
afterEach(() => stage.close());

const records = (...argv: string[]) => run(['records', ...argv, '--config', stage.config], 80);
const tokens = tokensFor(SHOP, 'eu-west-1');
const ADATUM = 'adatum-bank.com';
const KEY = KEY_1024;

interface Sheet {
  readonly schema: number;
  readonly identity: string;
  readonly zone?: string;
  readonly zoneUnknown?: string;
  readonly places: readonly {
    readonly account?: string;
    readonly region?: string;
    readonly method?: string;
    readonly problem?: string;
    readonly why?: string;
    readonly notes: readonly string[];
    readonly parentRegion?: string;
    readonly records?: readonly { readonly relative: string; readonly name: string; readonly type: string; readonly value: string }[];
    readonly route53ChangeBatch?: unknown;
    readonly bind?: readonly string[];
  }[];
}
const TOKENS = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)] as const;
const given = (...all: readonly string[]): string[] => all.flatMap((one) => ['--token', one]);
const sheet = async (...argv: string[]): Promise<Sheet> => JSON.parse((await records(...argv, '--format', 'json')).out) as Sheet;

describe('as SES knows it', () => {
  test('every form, relative to the zone that DNS names', async () => {
    const { code, out, err } = await records(SHOP, '--region', 'eu-west-1');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const token of tokens) {
      expect(out).toContain(`Name   ${token}._domainkey\n         in full ${token}._domainkey.${SHOP}.\n`);
      expect(out).toContain(`${token}._domainkey.${SHOP}. 1800 IN CNAME ${token}.dkim.amazonses.com.`);
    }
    for (const title of ['For a web form', 'For a zone file', 'For Route 53', 'For Terraform', 'For the AWS CLI'])
      expect(out).toContain(title);
    expect(out).toContain(`the zone ${SHOP}.`);
    expect(out).toContain(`account ${HOME}, eu-west-1: Easy DKIM (CNAME records); SES says SUCCESS`);
  });

  test('_domainkey may be a zone of its own', async () => {
    const { zone, places } = await sheet('contoso-books.org', '--region', 'eu-west-1');
    expect(zone).toBe('_domainkey.contoso-books.org');
    expect(places[0]?.records?.map(({ relative }) => relative)).toEqual(tokensFor('contoso-books.org', 'eu-west-1'));
  });

  test('an identity below its zone keeps its own label in the relative name', async () => {
    const { zone, places } = await sheet('news.tailwind-toys.com', '--region', 'eu-west-1');
    expect(zone).toBe('tailwind-toys.com');
    expect(places[0]?.records?.[0]?.relative).toMatch(/^[a-z0-9]{32}\._domainkey\.news$/);
  });

  test('several regions: a part for each, other tokens in each', async () => {
    const { code, out } = await records(SHOP, '--region', 'eu-west-1', '--region', 'us-east-1', '--region', 'eu-west-1');
    expect(code).toBe(0);
    expect(out.match(/^account .*$/gm)).toHaveLength(2);
    expect(out).toContain('Each region has its own records.');
    const bind = await records(SHOP, '--region', 'eu-west-1', '--region', 'us-east-1', '--format', 'bind');
    const lines = bind.out.trimEnd().split('\n');
    expect(lines.filter((line) => / IN CNAME /.test(line))).toHaveLength(6);
    // Nothing else but comments and an empty line, which a zone file may have.
    expect(lines.filter((line) => !/ IN CNAME /.test(line))).toEqual(['; For eu-west-1:', '', '; For us-east-1:']);
    expect(lines.indexOf('; For us-east-1:')).toBe(5);
    const table = await records(SHOP, '--region', 'eu-west-1', '--region', 'us-east-1', '--format', 'table');
    expect(table.out.match(/^For .*$/gm)).toEqual(['For eu-west-1:', 'For us-east-1:']);
    const one = await records(SHOP, '--region', 'eu-west-1', '--format', 'bind');
    expect(one.out).not.toContain('For ');
  });

  test("a replica: the parent's records, said so, and not twice", async () => {
    stage.sandbox.aws.setIdentity(HOME, 'eu-south-1', replicaIdentity(SHOP, { region: 'eu-south-1', parentRegion: 'eu-west-1' }));
    const { out } = await records(SHOP, '--region', 'eu-west-1', '--region', 'eu-south-1');
    expect(out.replace(/\s+/g, ' ')).toContain('these are the records of its parent identity in eu-west-1. Published once, they serve');
    expect(out).toContain('The same records as for eu-west-1, shown above.');
    expect(out).not.toContain('Each region has its own records.');
    expect(
      (await records(SHOP, '--region', 'eu-west-1', '--region', 'eu-south-1', '--format', 'bind')).out.trimEnd().split('\n'),
    ).toHaveLength(3);
    const { places } = await sheet(SHOP, '--region', 'eu-south-1');
    expect(places).toMatchObject([
      { method: 'deed', parentRegion: 'eu-west-1', records: [{ value: `${tokens[0]}.dkim.amazonses.com.` }, {}, {}] },
    ]);
  });

  test('a key of its own: the placeholder and where to get it, or the configured key', async () => {
    const { code, out } = await records(ADATUM, '--region', 'eu-west-1');
    expect(code).toBe(0);
    expect(out).toContain('Value  v=DKIM1; k=rsa; p=YOUR_PUBLIC_KEY');
    expect(out).toContain('    openssl rsa -in private.pem -pubout -outform DER | openssl base64 -A\n');
    stage.configure({ byodkim: [{ identity: ADATUM, selector: 's2026', publicKey: KEY_2048 }] });
    const known = await records(ADATUM, '--region', 'eu-west-1', '--format', 'table');
    expect(known).toMatchObject({ code: 0, err: '' });
    expect(known.out).toBe(
      `Type   TXT\nName   s2026._domainkey\n       in full s2026._domainkey.${ADATUM}.\nValue  v=DKIM1; k=rsa; p=${KEY_2048}\n`,
    );
  });

  test('a zone that SES did not name is taken from the list, and said to be', async () => {
    const { name, facts } = easyIdentity('wingtip-vini.com', { region: 'eu-south-1' });
    const { SigningHostedZone: _, ...DkimAttributes } = facts.DkimAttributes ?? {};
    stage.sandbox.aws.setIdentity(HOME, 'eu-south-1', { name, facts: { ...facts, DkimAttributes } });
    const { out } = await records('wingtip-vini.com', '--region', 'eu-south-1');
    expect(out.replace(/\s+/g, ' ')).toContain('dkim.eu-south-1.amazonses.com is taken from the list of eu-south-1');
  });

  test('SES gave up: publishing alone does not do it', async () => {
    stage.sandbox.aws.setIdentity(HOME, 'eu-west-1', easyIdentity(SHOP, { region: 'eu-west-1', status: 'FAILED' }));
    expect((await records(SHOP, '--region', 'eu-west-1')).out).toContain(`    npx dkim-monitor check ${SHOP} --region eu-west-1\n`);
  });
});

describe('nothing to print is one sentence', () => {
  test('an address: its domain has the records', async () => {
    const { code, out, err } = await records(`billing@${SHOP}`, '--region', 'eu-west-1');
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(`npx dkim-monitor records ${SHOP} --region eu-west-1.`);
    // Whether that signs its mail hangs on the address, which was not looked at.
    expect(err).not.toContain('is signed by');
    expect(err).toContain(`npx dkim-monitor check billing@${SHOP} --region eu-west-1`);
  });

  test('DKIM was never set up', async () => {
    stage.sandbox.aws.setIdentity(HOME, 'eu-west-1', bareIdentity('bare.example.com', { region: 'eu-west-1' }));
    const { code, out } = await records('bare.example.com', '--region', 'eu-west-1');
    expect(code).toBe(2);
    expect(out).toContain('there is nothing to');
    expect(out).toContain('    aws ses verify-domain-dkim --region eu-west-1 --domain bare.example.com\n');
    const alone = await records('bare.example.com', '--region', 'eu-west-1', '--format', 'bind');
    expect({ code: alone.code, out: alone.out }).toEqual({ code: 2, out: '' });
    expect(alone.err).toContain('nothing to publish yet');
  });

  test('a selector that SES does not name', async () => {
    stage.sandbox.aws.setIdentity(HOME, 'eu-west-1', byodkimIdentity(ADATUM, { region: 'eu-west-1', selector: 's1', tokens: [] }));
    const { code, out } = await records(ADATUM, '--region', 'eu-west-1');
    expect(code).toBe(2);
    expect(out.replace(/\s+/g, ' ')).toContain('SES did not name the selector: add it to "byodkim" in the configuration.');
  });

  test('no such identity anywhere is a mistake; in one of several regions the others are printed', async () => {
    const nowhere = await records('nope.example', '--region', 'eu-west-1', '--region', 'us-east-1');
    expect(nowhere).toMatchObject({ code: 64, out: '', err: expect.stringContaining('SES has no identity nope.example') });
    const some = await records(SHOP, '--region', 'eu-west-1', '--region', 'ap-south-1', '--format', 'bind');
    expect(some.code).toBe(2);
    expect(some.out.trimEnd().split('\n')).toHaveLength(3);
    expect(some.err).toContain(`SES has no identity ${SHOP} in account ${HOME}, ap-south-1.`);
  });

  test('SES cannot be read, in part or at all', async () => {
    stage.sandbox.aws.faults.push({ service: 'ses', action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' });
    const half = await records(SHOP, '--region', 'eu-west-1');
    expect(half).toMatchObject({ code: 2, out: expect.stringContaining('could not be read') });
    expect(half.out).not.toContain('no tokens');
    const china = await records(SHOP, '--region', 'cn-north-1');
    expect(china).toMatchObject({ code: 2, out: expect.stringContaining('There is no Amazon SES in cn-north-1') });
  });
});

describe('as typed, without AWS', () => {
  test('tokens; the region decides the zone of the targets', async () => {
    const { places, zone } = await sheet(SHOP, ...given(TOKENS[0].toUpperCase(), TOKENS[1], TOKENS[2]), '--region', 'eu-south-1');
    expect(zone).toBe(SHOP);
    expect(places[0]?.records?.map(({ value }) => value)).toEqual(TOKENS.map((one) => `${one}.dkim.eu-south-1.amazonses.com.`));
    expect(places[0]).not.toHaveProperty('account');
    expect(stage.sandbox.aws.calls).toEqual([]);
  });

  test('a selector and a key', async () => {
    const { out, code } = await records(ADATUM, '--selector', 's1', '--public-key', KEY, '--format', 'bind');
    expect({ code, out }).toEqual({ code: 0, out: `s1._domainkey.${ADATUM}. 1800 IN TXT "v=DKIM1; k=rsa; p=${KEY}"\n` });
  });

  test('too few tokens are said', async () => {
    const { err, code } = await records(SHOP, ...given(TOKENS[0]), '--format', 'bind');
    expect(code).toBe(0);
    expect(err).toContain('Easy DKIM has three records, and one token was given');
    expect(err).not.toContain('SES gave');
  });

  test('names in any case, with a final dot, or international', async () => {
    for (const [typed, name] of [
      [`${SHOP.toUpperCase()}.`, SHOP],
      ['bücher.example', 'xn--bcher-kva.example'],
    ] as const)
      expect((await records(typed, '--selector', 's1', '--no-dns', '--format', 'bind')).out).toContain(
        `s1._domainkey.${name}. 1800 IN TXT`,
      );
  });

  test('a name that would be too long is refused in a sentence', async () => {
    const long = `${'a'.repeat(60)}.`.repeat(4);
    const { code, out } = await records(`${long}com`, '--selector', 's1', '--no-dns');
    expect(code).toBe(2);
    expect(out.replace(/\s+/g, ' ')).toContain('longer than DNS allows');
  });
});

describe('without the zone names are full, and that is said', () => {
  test('--no-dns asks nobody', async () => {
    const { out, err, code } = await records(SHOP, '--selector', 's1', '--no-dns', '--format', 'table');
    expect(code).toBe(0);
    expect(out).toContain(`Name   s1._domainkey.${SHOP}.\nValue`);
    expect(err).toContain('DNS was not asked (--no-dns).');
    expect(stage.sandbox.dns.log).toEqual([]);
  });

  test('DNS fails, or the domain does not exist', async () => {
    const well = stage.sandbox.dns.behave({ behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
    const refused = await records(SHOP, '--selector', 's1');
    expect(refused.code).toBe(0);
    expect(refused.out).toContain(`Name   s1._domainkey.${SHOP}.\n  Value`);
    expect(refused.out.replace(/\s+/g, ' ')).toContain('the zone that holds them is not known. Neither the resolvers nor');
    well();
    const { zone, zoneUnknown } = await sheet('no-such-domain.com', '--selector', 's1');
    expect({ zone, zoneUnknown }).toEqual({ zone: undefined, zoneUnknown: 'DNS says that no-such-domain.com does not exist.' });
  });
});

describe('one form is pasted as it stands', () => {
  const three = given(...TOKENS);

  test('a change batch is JSON, with every record once', async () => {
    const { out } = await records(SHOP, ...three, '--format', 'route53');
    const { Changes } = JSON.parse(out) as { Changes: { ResourceRecordSet: { Name: string; Type: string } }[] };
    expect(Changes.map(({ ResourceRecordSet: { Name, Type } }) => `${Type} ${Name}`)).toEqual(
      TOKENS.map((token) => `CNAME ${token}._domainkey.${SHOP}.`),
    );
  });

  test('commands reach the AWS CLI as they were meant, long keys too', async () => {
    // A number of 8,192 bits in the place of a modulus: longer than five strings of a TXT record.
    const n = Buffer.alloc(1024, 0xc5).toString('base64url');
    const object = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
    const key = object.export({ type: 'spki', format: 'der' }).toString('base64');
    const { out, err } = await records(SHOP, '--selector', 's1', '--public-key', key, '--format', 'cli');
    const said = execFileSync('sh', ['-c', `aws() { printf '%s\\n' "$@"; }\n${out}`], { encoding: 'utf8' }).split('\n');
    const batch = JSON.parse(said[said.indexOf('--change-batch') + 1] ?? '') as {
      Changes: { ResourceRecordSet: { ResourceRecords: { Value: string }[] } }[];
    };
    const value = batch.Changes[0]?.ResourceRecordSet.ResourceRecords[0]?.Value ?? '';
    expect(value.replaceAll('" "', '')).toBe(`"v=DKIM1; k=rsa; p=${key}"`);
    expect(err).toContain('Put the id of the hosted zone in place of ZONE_ID: the first command shows it.');
  });

  test('terraform names each resource once', async () => {
    const { out } = await records(SHOP, ...three, '--format', 'terraform');
    const names = [...out.matchAll(/^resource "aws_route53_record" "(\S+)" \{$/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(3);
  });
});

test.each([
  ['nothing to go by', [SHOP], 'Selectors are never guessed'],
  ['several regions for tokens', [SHOP, '--token', 'a', '--region', 'eu-west-1', '--region', 'us-east-1'], 'one --region at most'],
  ['a form that is none', [SHOP, '--selector', 's', '--format', 'yaml'], 'table, bind, route53, terraform, cli, all, json'],
  ['an empty name', ['', '--selector', 's'], 'it is empty'],
  ['an address without a domain', ['a@', '--selector', 's'], 'it is empty'],
  ['an IP address', ['1.2.3.4', '--selector', 's'], 'is an IP address'],
  ['control characters', ['a\u001b[31m.example', '--selector', 's'], '\\u001b'],
  ['control characters in an address', ['\u001b[31m@example.com'], '\\u001b'],
  ['a region that is none', [SHOP, '--region', 'europe'], 'a region looks like'],
] as readonly [string, readonly string[], string][])('%s: one sentence, exit 64', async (_, argv, sentence) => {
  const { code, out, err } = await records(...argv);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain(sentence);
  expect(hasControls(err)).toBe(false);
});
