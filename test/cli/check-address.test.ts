// `dkim-monitor check` of an address: what a sweep would say of it, and never more than is known.
import { addressIdentity, bareIdentity } from '../../sandbox/aws/identities.ts';
import { firstLight, HOME, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { openStage, run, type Stage } from './stage.ts';

const REGION = 'eu-west-1';
const INFO = `info@${SHOP}`;

let stage: Stage;

beforeEach(async () => {
  stage = await openStage(firstLight.world, HOME);
});
afterEach(() => stage.close());

const check = (...argv: string[]) => run(['check', ...argv, '--config', stage.config], 80);
const put = (address: string, signs = false): void =>
  stage.sandbox.aws.setIdentity(
    HOME,
    REGION,
    addressIdentity(address, { region: REGION, ...(signs ? { status: 'SUCCESS', signing: true } : {}) }),
  );
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe('as SES knows it', () => {
  test('it does not sign, and its domain does: the finding of the sweep, exit 1', async () => {
    put(INFO);
    const { code, out } = await check(INFO, '--region', REGION);
    expect(code).toBe(1);
    expect(out).toContain(`WARNING: Mail from one address goes unsigned: ${INFO}`);
    expect(out).toContain(`aws sesv2 delete-email-identity --region ${REGION} --email-identity ${INFO}`);
    expect(out).not.toMatch(/healthy|signed by its domain/);
    const json = JSON.parse((await check(INFO, '--region', REGION, '--json')).out);
    expect(json).toMatchObject({
      type: 'address',
      domain: SHOP,
      findings: [{ kind: 'address-overrides-domain', facts: { domain: SHOP } }],
    });
  });

  test('a domain above its own speaks for it', async () => {
    put(`news@mail.${SHOP}`);
    const { code, out } = await check(`news@mail.${SHOP}`, '--region', REGION);
    expect(code).toBe(1);
    expect(out).toContain(`npx dkim-monitor check ${SHOP} --region ${REGION}\n`);
  });

  test('it signs: no trouble of its own, and where the records are', async () => {
    put(INFO, true);
    const { code, out } = await check(INFO, '--region', REGION);
    expect(code).toBe(0);
    expect(out).toContain(`${INFO}: no DKIM trouble of its own.`);
    expect(oneLine(out)).toContain(`An address has no DKIM records: those of ${SHOP} are what receivers look up.`);
    expect(out).toContain(`    npx dkim-monitor check ${SHOP} --region ${REGION}\n`);
  });

  test('its domain does not sign either: that is told of the domain', async () => {
    stage.sandbox.aws.setIdentity(HOME, REGION, bareIdentity('bare.example.com', { region: REGION }));
    put('info@bare.example.com');
    const { code, out } = await check('info@bare.example.com', '--region', REGION);
    expect(code).toBe(0);
    expect(out).toContain('npx dkim-monitor check bare.example.com');
  });

  test('its domain is no identity there: a notice', async () => {
    put('info@nobody.example.org');
    const { code, out } = await check('info@nobody.example.org', '--region', REGION);
    expect(code).toBe(0);
    expect(out).toContain('NOTICE: An address without its domain');
    expect(out).not.toContain('npx dkim-monitor check');
  });

  test('it is no identity: then its domain counts, exit 64', async () => {
    const { code, out, err } = await check(INFO, '--region', REGION);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(`SES has no identity "${INFO}" in account ${HOME}, ${REGION}`);
    expect(err).toContain(`npx dkim-monitor check ${SHOP} --region ${REGION}`);
  });

  test('SES does not answer: nothing is said of it, exit 2', async () => {
    put(INFO, true);
    stage.sandbox.aws.faults.push({ service: 'ses', status: 403, code: 'AccessDeniedException' });
    expect(await check(INFO, '--region', REGION)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('could not be read') });
  });
});

test('without SES only what is known: its records are those of its domain, and whether those count SES must say', async () => {
  const { code, out, err } = await check(INFO, '--selector', 's1');
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain(`npx dkim-monitor check ${SHOP}. `);
  expect(err).toContain(`npx dkim-monitor check ${INFO} --region REGION`);
  expect(err).not.toContain('is signed by');
  expect(stage.sandbox.aws.calls).toEqual([]);
});
