// The scenarios themselves: they cover the kinds of findings, they play, and DNS really is as they say.
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../../lambda/configuration.ts';
import { FINDING_KINDS, type KeyMalformedReason, type WrongTargetCause } from '../../lambda/model/finding.ts';
import type { GapReason } from '../../lambda/model/identity.ts';
import { recordsOf } from '../../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { FIRST_LIGHT_WORLD, firstLight } from '../../sandbox/scenarios/first-light.ts';
import { KINDS, type Kind } from '../../sandbox/scenarios/kinds.ts';
import type { Expectation, Scenario } from '../../sandbox/scenarios/plot.ts';
import { SCENARIOS, scenario } from '../../sandbox/scenarios/scenario.ts';
import { answerTo } from './ask.ts';

let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

const all = Object.values(SCENARIOS);
const expectations = (one: Scenario): readonly Expectation[] =>
  [one.starts ?? {}, one.expect, ...one.steps.map((step) => step.expect ?? {})].flatMap((expected) => Object.values(expected));
const facts = (kind: Kind, fact: string): readonly unknown[] =>
  all.flatMap(expectations).flatMap((expectation) => expectation.facts?.[kind]?.[fact] ?? []);

describe('the scenarios', () => {
  it('know exactly the kinds that the product has', () => {
    expect(KINDS).toHaveLength(40);
    expect(FINDING_KINDS.filter((kind) => !KINDS.includes(kind))).toEqual([]);
    // What may be muted is a kind, or soon will be one.
    expect(parseConfiguration({ mute: [{ identity: '*', kinds: KINDS }] })).toMatchObject({ ok: true });
  });

  it('say of each kind whether it must, may or must not be said', () => {
    for (const { mandatory, forbidden, maybe = [] } of all.flatMap(expectations))
      expect([...mandatory, ...forbidden, ...maybe].sort()).toEqual([...KINDS].sort());
  });

  it('demand each kind at least once, and forbid each at least once', () => {
    const demanded = new Set(all.flatMap(expectations).flatMap(({ mandatory }) => mandatory));
    const forbidden = new Set(all.flatMap(expectations).flatMap((expectation) => expectation.forbidden));
    expect([...demanded].sort()).toEqual([...KINDS].sort());
    expect([...forbidden].sort()).toEqual([...KINDS].sort());
  });

  it('cover every cause of a wrong target, every way to spoil a key, every gap', () => {
    const causes: Record<WrongTargetCause, true> = {
      'domain-appended': true,
      'other-region-zone': true,
      'stale-token': true,
      typo: true,
      unrelated: true,
    };
    const reasons: Record<KeyMalformedReason, true> = {
      'pem-header': true,
      'line-breaks': true,
      quotes: true,
      truncated: true,
      'not-base64': true,
      'not-a-public-key': true,
      'pkcs1-instead-of-spki': true,
      'missing-p': true,
      'duplicate-tag': true,
      'bad-version': true,
      'no-tag-syntax': true,
    };
    const gaps: Record<Exclude<GapReason, 'out-of-time'>, true> = {
      'role-refused': true,
      'region-off': true,
      denied: true,
      throttled: true,
      error: true,
    };
    expect(new Set(facts('record-wrong-target', 'cause'))).toEqual(new Set(Object.keys(causes)));
    expect(new Set(facts('key-malformed', 'reason'))).toEqual(new Set(Object.keys(reasons)));
    expect(new Set(facts('target-unreadable', 'reason'))).toEqual(new Set(Object.keys(gaps)));
  });

  it('have names of their own, and are found by them', () => {
    expect(scenario('first-light')).toBe(firstLight);
    expect(() => scenario('no-such')).toThrow(/there is no scenario "no-such"; there are first-light, /);
    for (const [name, one] of Object.entries(SCENARIOS)) expect(one.name).toBe(name);
    expect(new Set(all.map(({ describe: text }) => text)).size).toBe(all.length);
  });

  it('speak only of identities and targets that are there', () => {
    for (const one of all) {
      const known = new Set(
        Object.entries(one.world.aws).flatMap(([account, { identities = {} }]) =>
          Object.entries(identities).flatMap(([region, list]) => [
            `${account}/${region}`,
            ...list.map(({ name }) => `${account}/${region}/${name}`),
          ]),
        ),
      );
      const named = [one.starts ?? {}, one.expect, ...one.steps.map((step) => step.expect ?? {})].flatMap((expected) =>
        Object.keys(expected),
      );
      expect(named.filter((key) => !known.has(key))).toEqual([]);
    }
  });

  it.each(all.map((one) => [one.name, one] as const))('%s can be played', async (_, one) => {
    sandbox = await startSandbox(one.world);
    for (const step of one.steps) await step.apply(sandbox);
  });

  it('can be played twice: the second time finds the world as it was', async () => {
    for (let round = 0; round < 2; round++) {
      sandbox = await startSandbox(firstLight.world);
      const serial = await answerTo(sandbox.resolver, 'northwind-shop.com', 'SOA', { rd: true });
      expect(serial.answers[0]).toMatch(/2026010101$/);
      await firstLight.steps[0]?.apply(sandbox);
      if (round === 0) await sandbox.close();
    }
  });
});

describe('the demo estate', () => {
  const records = Object.values(FIRST_LIGHT_WORLD.aws).flatMap(({ identities = {} }) =>
    Object.values(identities).flat().flatMap(recordsOf),
  );

  it('has fifteen identities in two accounts and three regions', () => {
    const perTarget = Object.values(FIRST_LIGHT_WORLD.aws).flatMap(({ identities = {} }) =>
      Object.values(identities).map((list) => list.length),
    );
    expect(perTarget).toHaveLength(6);
    expect(perTarget.reduce((sum, n) => sum + n, 0)).toBe(15);
  });

  it('has every record in DNS, as every name server and the resolver tell it', async () => {
    sandbox = await startSandbox(FIRST_LIGHT_WORLD);
    expect(records).toHaveLength(39);
    for (const { name, value } of records) {
      const { answers } = await answerTo(sandbox.resolver, name, 'TXT', { rd: true, edns: 1232 });
      expect(answers[0]).toBe(`${name} CNAME ${value}`);
      expect(answers[1]).toMatch(/ TXT "(p=MII|")/);
    }
  });

  it('loses exactly one record, and gets it back', async () => {
    sandbox = await startSandbox(FIRST_LIGHT_WORLD);
    const present = async () => {
      const rcodes = await Promise.all(records.map(({ name }) => answerTo(sandbox?.resolver, name, 'CNAME', { rd: true })));
      return rcodes.filter(({ answers }) => answers.length > 0).length;
    };
    await firstLight.steps[0]?.apply(sandbox);
    expect(await present()).toBe(38);
    await firstLight.steps[1]?.apply(sandbox);
    expect(await present()).toBe(39);
  });
});
