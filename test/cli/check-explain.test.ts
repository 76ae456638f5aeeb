// `dkim-monitor check` against the sandbox: the trace of --explain, and SES's word beside DNS's.
import type { CheckedIdentity } from '../../lambda/model/dns-view.ts';
import type { TraceEntry } from '../../lambda/model/trace.ts';
import { firstLight, HOME, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { hasControls, openStage, run, type Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage(firstLight.world, HOME);
});
afterEach(() => stage.close());

const check = (...argv: string[]) => run(['check', ...argv, '--config', stage.config], 80);
const lose = () => firstLight.steps[0]?.apply(stage.sandbox);

type Traced = CheckedIdentity & { readonly trace: readonly TraceEntry[] };
const traced = async (...argv: string[]): Promise<Traced> => JSON.parse((await check(...argv, '--explain', '--json')).out) as Traced;

/** Left out in the one hour of the day in which the servers above the domain were asked at the first look already. */
const ANEW = 'Finding the name servers anew';

test('healthy: the verdict first, then every question that the servers heard', async () => {
  const { code, out } = await check('adatum-bank.com', '--selector', 's2026', '--explain');
  expect(code).toBe(0);
  expect(out).toMatch(/^adatum-bank\.com: DKIM is healthy\.\n/);
  const phases = (out.match(/^\d\. .*$/gm) ?? []).map((line) => line.slice(3)).filter((phase) => phase !== ANEW);
  expect(phases.slice(0, 3)).toEqual(['Finding the name servers', 'First look', 'All name servers']);
  expect(hasControls(out)).toBe(false);
});

test('broken: probes and the second round as well, and nothing that was asked is left out', async () => {
  await lose();
  const { trace, diagnosis } = await traced(SHOP, '--region', 'eu-west-1');
  expect(diagnosis).toBe('broken');
  expect([...new Set(trace.map(({ phase }) => phase))].filter((phase) => phase !== 'servers-anew')).toEqual([
    'servers',
    'first-look',
    'all-servers',
    'probes',
    'second-round',
  ]);
  const heard = stage.sandbox.dns.log.length;
  expect(trace.reduce((sum, { packets }) => sum + packets, 0)).toBe(heard);
  const times = trace.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
});

test('what was odd on the way is shown', async () => {
  stage.sandbox.dns.behave({ servers: ['zone:adatum-bank.com'], types: ['TXT'], behaviour: { kind: 'truncate' } });
  const { out } = await check('adatum-bank.com', '--selector', 's2026', '--explain');
  expect(out.replace(/\s+/g, ' ')).toContain('over TCP, because the answer was cut');
});

test('without --explain there is no trace', async () => {
  const { out } = await check('adatum-bank.com', '--selector', 's2026');
  expect(out).not.toContain('How it was looked up');
  expect(JSON.parse((await check('adatum-bank.com', '--selector', 's2026', '--json')).out)).not.toHaveProperty('trace');
});

test('an identity of SES: both sides, next to each other', async () => {
  await lose();
  const { out } = await check(SHOP, '--region', 'eu-west-1');
  expect(out).toMatch(/SES says +DNS says\n {2}DKIM +SUCCESS, signing on +2 of 3 records right, 1 not\n/);
  expect(out).toContain('They differ: SES has not looked since.');
  expect(out).toContain('    2 of 2 servers: not there (NXDOMAIN)\n');
  const { dns, ses } = await traced(SHOP, '--region', 'eu-west-1');
  expect(ses.status).toBe('SUCCESS');
  expect(dns).toMatchObject({ zone: SHOP, nameServers: ['ns1.hoster-a.net', 'ns2.hoster-a.net'] });
  expect(dns.records.map(({ state }) => state).sort()).toEqual(['right', 'right', 'wrong']);
});

test('by DNS alone there is no side of SES', async () => {
  const { out } = await check('adatum-bank.com', '--selector', 's2026');
  expect(out).not.toContain('SES says');
});

test('a domain that does not exist is traced too', async () => {
  const { out, code } = await check('no-such-domain.com', '--selector', 's1', '--explain');
  expect(code).toBe(1);
  expect(out).toContain('3. Second round');
});
