// Three hundred accounts in seventeen regions: still a page that a person reads, an answer that Lambda takes, and bounded work.
import { DEFAULT_CONFIGURATION } from '../../lambda/configuration.ts';
import { REGIONS_BY_PARTITION } from '../../lambda/dkim/region-zones.ts';
import type { DoctorWorld } from '../../lambda/doctor/ports.ts';
import { runCheckup } from '../../lambda/doctor/run-checkup.ts';
import { ASKED_FOR_ALL, doctorPlan } from '../../lambda/doctor-plan.ts';
import { checkupPage } from '../../lambda/messages/checkup-page.ts';
import type { Checkup } from '../../lambda/model/checkup.ts';
import { type AccountId, parseAccountId, parseRegion, type Region } from '../../lambda/model/names.ts';
import { planTargets } from '../../lambda/sweep/plan-targets.ts';
import { hasControls, tooWide } from '../cli/run-command.ts';

const account = (n: number): AccountId => {
  const parsed = parseAccountId(String(100_000_000_000 + n));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};
const region = (text: string): Region => {
  const parsed = parseRegion(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};
const ACCOUNTS = Array.from({ length: 300 }, (_, i) => ({ id: account(i) }));
const REGIONS = REGIONS_BY_PARTITION.aws.slice(0, 17);
const HOME = { account: account(0), region: region('us-east-1') };
const HOSTILE = '\u001b[2Jgone\u202e';

interface Troubles {
  readonly refusing: number;
  readonly deniedRegion?: string;
  /** Milliseconds that each look takes, by the clock of the world. */
  readonly lookMs?: number;
}

/** A world of values; `most` is how many targets were looked at at once. */
function worldOf({ refusing, deniedRegion, lookMs = 0 }: Troubles): DoctorWorld & { readonly most: () => number } {
  let now = 0;
  let open = 0;
  let most = 0;
  return {
    most: () => most,
    clock: () => now,
    identity: async () => ({ kind: 'known', account: HOME.account, arn: `arn:aws:sts::${HOME.account}:assumed-role/ses-dkim-monitor/x` }),
    assume: async (target) => {
      if (target.account === HOME.account) return { kind: 'own' };
      const refused = ACCOUNTS.findIndex(({ id }) => id === target.account) > ACCOUNTS.length - 1 - refusing;
      return refused
        ? { kind: 'failed', failure: { kind: 'role-refused', by: 'untold', detail: `${HOSTILE} ${target.account}` } }
        : { kind: 'ok' };
    },
    lookAt: async (target) => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      now += lookMs;
      open -= 1;
      if (target.region === deniedRegion)
        return { list: { kind: 'failed', failure: { kind: 'denied', by: 'organisation', detail: `${HOSTILE} ${target.account}` } } };
      return { list: { kind: 'ok' }, detail: { kind: 'ok' }, status: { kind: 'ok' } };
    },
    listening: async () => ({ kind: 'listed', confirmed: 0, pending: [{ protocol: HOSTILE, endpoint: `${HOSTILE}@${HOSTILE}` }] }),
    bus: async () => ({ kind: 'failed', detail: HOSTILE }),
    store: async () => ({ bucket: { kind: 'failed', detail: HOSTILE } }),
    resolvers: [{ name: HOSTILE, ask: async () => ({ kind: 'refusal', rcode: HOSTILE }) }],
    authorities: async () => [{ name: HOSTILE, ask: async () => ({ kind: 'silent', how: HOSTILE }) }],
  };
}

const configuration = { ...DEFAULT_CONFIGURATION, accounts: ACCOUNTS, regions: [...REGIONS] };
const targets = planTargets(configuration, HOME);
const plan = doctorPlan(configuration, { kind: 'resolved', targets, estate: { troubles: [] }, regions: [] }, ASKED_FOR_ALL, {
  home: HOME,
  bucket: 'memory',
  topicArn: `arn:aws:sns:us-east-1:${HOME.account}:alerts`,
  configurationName: HOSTILE,
  rights: 'function',
  until: 1_000_000,
});

describe.each([80, 120])('at %i columns', (width) => {
  let checkup: Checkup;
  let page: string;
  beforeAll(async () => {
    checkup = await runCheckup(plan, worldOf({ refusing: 12, deniedRegion: 'eu-south-1' }));
    page = checkupPage(checkup, { width, color: false });
  });

  test('equal troubles are one paragraph, counted, with the first names', () => {
    expect(page).toContain('The role ses-dkim-monitor-read cannot be assumed\n    12 accounts: 100000000288, 100000000289, 100000000290,');
    expect(page.replace(/\s+/g, ' ')).toMatch(
      /ses:ListEmailIdentities is denied 288 accounts: 100000000000, .* and 282 more, in eu-south-1/,
    );
    expect(page.split('\n').length).toBeLessThan(110);
    expect(checkup.results.filter(({ link }) => link === 'role').map(({ outcome, count }) => ({ outcome, count }))).toEqual([
      { outcome: 'fail', count: 12 },
      { outcome: 'ok', count: 287 },
    ]);
  });

  test('what fails comes first, what is well last', () => {
    const heads = page.split('\n').flatMap((line) => /^(FAILS|NOT TOLD|WARNING|FINE|NOT LOOKED AT)/.exec(line)?.[0] ?? []);
    const order = ['FAILS', 'NOT TOLD', 'WARNING', 'FINE', 'NOT LOOKED AT'];
    expect(heads).toEqual([...heads].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(new Set(heads).size).toBe(5 - 1);
  });

  test('nothing that others wrote harms the terminal, and lines are as wide as it is', () => {
    expect(hasControls(page)).toBe(false);
    expect(page).not.toContain('\u202e');
    expect(page).toContain('\\u001b[2Jgone');
    // What is to be pasted is never broken.
    expect(tooWide(page, width).filter((line) => !/^ {6}(npx|aws|dig) /.test(line))).toEqual([]);
  });

  test('the answer is far below the 6 MB of Lambda', () => {
    expect(Buffer.byteLength(JSON.stringify(checkup))).toBeLessThan(2_000_000);
    expect(checkup.summary.skipped).toBeGreaterThan(12 * 17 * 3);
  });
});

test('whom to watch is not known: said, and everything else is looked at all the same', async () => {
  const around = { home: HOME, bucket: 'memory', configurationName: 'as deployed', rights: 'function' as const, until: 1_000_000 };
  const blind = doctorPlan(configuration, { kind: 'blind', detail: 'organizations:ListAccounts is denied.' }, ASKED_FOR_ALL, around);
  const { results } = await runCheckup(blind, worldOf({ refusing: 0 }));
  expect(results.find(({ link }) => link === 'configuration')).toMatchObject({
    outcome: 'fail',
    kind: 'accounts-unknown',
    detail: 'organizations:ListAccounts is denied.',
  });
  expect(results.map(({ link }) => link)).toEqual(expect.arrayContaining(['credentials', 'bucket', 'resolver-udp', 'authority-udp']));
});

test('so many targets at once, and no more', async () => {
  const world = worldOf({ refusing: 0 });
  await runCheckup(plan, world);
  expect(world.most()).toBe(128);
});

test('what is not reached in time is not told, and not called well', async () => {
  const { summary, results } = await runCheckup(plan, worldOf({ refusing: 0, lookMs: 1000 }));
  const list = results.filter(({ link }) => link === 'list');
  expect(list.map(({ outcome, kind }) => `${outcome} ${kind ?? ''}`.trim())).toEqual(['unknown out-of-time', 'ok']);
  expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(5100);
  expect(list[1]?.count).toBeLessThan(1100);
  expect(summary.unknown).toBeGreaterThan(4000);
});

test('a thousand different troubles are cut, not sent', async () => {
  const world = worldOf({ refusing: 0 });
  const many = {
    ...plan,
    problems: [],
    topics: Array.from({ length: 1000 }, (_, i) => ({ topicArn: `arn:aws:sns:us-east-1:1:t${i}`, ours: true, listenersWanted: true })),
  };
  const { results, summary } = await runCheckup(many, world);
  expect(results.length).toBe(500);
  expect(summary.fail).toBeGreaterThanOrEqual(1000);
});
