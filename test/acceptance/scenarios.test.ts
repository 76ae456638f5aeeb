// Every scenario of the sandbox, played to the monitor: what must be said is said, what must not is not, and who is not named is healthy.
import type { Report, ReportIdentity } from '../../lambda/model/report.ts';
import type { Expectations } from '../../sandbox/scenarios/plot.ts';
import { SCENARIOS } from '../../sandbox/scenarios/scenario.ts';
import { openStage } from './stage.ts';

/** What was said, by `account/region/identity` or `account/region`. */
interface Said {
  readonly kinds: readonly string[];
  readonly diagnosis?: string;
  readonly facts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function saidOf(report: Report): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  const of = (findings: ReportIdentity['findings']) => ({
    kinds: findings.map(({ kind }) => kind),
    facts: Object.fromEntries(findings.map(({ kind, facts }) => [kind, facts])),
  });
  for (const one of report.identities)
    said.set(`${one.account}/${one.region}/${one.identity}`, { ...of(one.findings), diagnosis: one.diagnosis });
  for (const finding of report.findings) for (const { account, region } of finding.targets) said.set(`${account}/${region}`, of([finding]));
  return said;
}

/** Every departure from what is expected, one sentence each. */
function departures(report: Report, expected: Expectations): readonly string[] {
  const said = saidOf(report);
  const wrong: string[] = [];
  for (const [key, { mandatory, forbidden, diagnosis, facts }] of Object.entries(expected)) {
    const found = said.get(key) ?? { kinds: [], facts: {} };
    for (const kind of mandatory)
      if (!found.kinds.includes(kind))
        wrong.push(`${key}: ${kind} was not said (but: ${found.kinds.join(', ') || 'nothing'}; ${found.diagnosis})`);
    for (const kind of forbidden) if (found.kinds.includes(kind)) wrong.push(`${key}: ${kind} was said`);
    if (diagnosis !== undefined && found.diagnosis !== diagnosis)
      wrong.push(`${key}: ${found.diagnosis}, not ${diagnosis} (${found.kinds.join(', ')})`);
    for (const [kind, wanted] of Object.entries(facts ?? {}))
      for (const [fact, value] of Object.entries(wanted))
        if (JSON.stringify(found.facts[kind]?.[fact]) !== JSON.stringify(value))
          wrong.push(`${key}: ${kind}.${fact} is ${JSON.stringify(found.facts[kind]?.[fact])}, not ${JSON.stringify(value)}`);
  }
  const hidden = new Set(report.targets.filter(({ gap }) => gap !== undefined).map(({ account, region }) => `${account}/${region}`));
  for (const [key, { diagnosis, kinds }] of said) {
    const [account, region, identity] = key.split('/');
    if (identity === undefined || expected[key] !== undefined || hidden.has(`${account}/${region}`)) continue;
    if (diagnosis !== 'healthy') wrong.push(`${key}: ${diagnosis} (${kinds.join(', ')}), though nothing is wrong with it`);
  }
  return wrong;
}

test('there are scenarios for every kind of finding', () => {
  const mandatory = new Set(
    Object.values(SCENARIOS).flatMap(({ steps, expect: last }) =>
      [...steps.map((step) => step.expect ?? {}), last].flatMap((e) => Object.values(e).flatMap((one) => one.mandatory)),
    ),
  );
  expect([...mandatory].sort()).toEqual([
    'dkim-not-set-up',
    'domain-gone',
    'identity-unknown',
    'key-malformed',
    'key-revoked',
    'nameservers-disagree',
    'record-missing',
    'record-name-doubled',
    'record-wrong-target',
    'revoked',
    'ses-cannot-verify',
    'signing-disabled',
    'target-unreadable',
    'txt-unanswerable',
    'verification-failed',
    'verification-overdue',
    'verification-pending',
  ]);
});

test.each(Object.values(SCENARIOS).map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  async (_name, scenario) => {
    const stage = await openStage(scenario);
    try {
      let report = await stage.sweep(0);
      for (const step of scenario.steps) {
        await step.apply(stage.sandbox);
        for (let sweeps = 0; sweeps < (step.sweeps ?? 1); sweeps += 1) report = await stage.sweep(step.minutesLater ?? 5);
        if (step.expect) expect(departures(report, step.expect)).toEqual([]);
      }
      expect(departures(report, scenario.expect)).toEqual([]);
    } finally {
      await stage.close();
    }
  },
  60_000,
);
