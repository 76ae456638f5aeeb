// Findings that only show across identities: an address beside its domain, one domain in several places.
import { withFindingsAcross } from '../../lambda/diagnosis/across.ts';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import type { Identity, SesFacts } from '../../lambda/model/identity.ts';
import { dnsName, type Region } from '../../lambda/model/names.ts';
import type { IdentityResult, TargetReport, UnreadResult } from '../../lambda/model/report.ts';
import { evidence, NXDOMAIN, only, SERVFAIL } from './build.ts';

const healthy = evidence();

interface Part {
  readonly name?: string;
  readonly region?: string;
  readonly ses?: Partial<SesFacts>;
  readonly scene?: Parameters<typeof evidence>[0];
}

function result({ name = 'example.com', region = 'eu-west-1', ses = {}, scene = {} }: Part = {}): IdentityResult {
  const base = evidence({ history: 'first-sight', ...scene, ses });
  const address = name.includes('@');
  const identity: Identity = {
    ...base.identity,
    identity: name,
    region: region as Region,
    type: address ? 'address' : 'domain',
    domain: dnsName(name.slice(name.indexOf('@') + 1)),
    ...(address ? { tokens: [], method: 'none' as const } : {}),
  };
  const expectation = address ? ({ kind: 'nothing', reason: 'address' } as const) : base.expectation;
  const diagnosis = diagnose({ ...base, identity, expectation });
  return { identity, expectation, diagnosis, history: { firstSeenAt: base.now, unknownSweeps: 0 }, panel: true };
}

const UNSIGNED: Partial<SesFacts> = { status: 'NOT_STARTED', signing: false };

function report(results: readonly IdentityResult[], more: Partial<TargetReport> = {}): TargetReport {
  const { account, region } = results[0]?.identity ?? healthy.identity;
  return { account, region, inventoryComplete: true, results, unread: [], ...more };
}

function said(reports: readonly TargetReport[]): readonly string[] {
  return withFindingsAcross(reports).flatMap(({ results }) =>
    results.flatMap(({ identity, diagnosis }) =>
      diagnosis.findings.map(({ kind, severity }) => `${identity.region} ${identity.identity}: ${severity} ${kind} (${diagnosis.kind})`),
    ),
  );
}

const unread = (identity: string): UnreadResult => ({ identity, type: 'domain', reason: 'not-yet', detail: 'Not read yet.' });

describe('an address', () => {
  test.each<[string, readonly IdentityResult[], Partial<TargetReport>, readonly string[]]>([
    [
      'unsigned under a domain that works',
      [result(), result({ name: 'mary@example.com', ses: UNSIGNED })],
      {},
      ['eu-west-1 mary@example.com: warning address-overrides-domain (broken)'],
    ],
    [
      'unsigned, verified, with the switch off',
      [result(), result({ name: 'mary@example.com', ses: { status: 'SUCCESS', signing: false } })],
      {},
      ['eu-west-1 mary@example.com: warning address-overrides-domain (broken)'],
    ],
    [
      'below a domain that works',
      [result(), result({ name: 'mary@news.example.com', ses: UNSIGNED })],
      {},
      ['eu-west-1 mary@news.example.com: warning address-overrides-domain (broken)'],
    ],
    ['that signs', [result(), result({ name: 'mary@example.com' })], {}, []],
    ['of which SES says nothing', [result(), result({ name: 'mary@example.com', ses: { status: 'UNKNOWN' } })], {}, []],
    [
      'under a domain for which SES signs, though it has troubles of its own',
      [result({ scene: { answer: only(0, NXDOMAIN) } }), result({ name: 'mary@example.com', ses: UNSIGNED })],
      {},
      ['eu-west-1 example.com: critical record-missing (broken)', 'eu-west-1 mary@example.com: warning address-overrides-domain (broken)'],
    ],
    [
      'under a domain whose DNS is silent for a sweep: that mends no address',
      [result({ scene: { answer: only('all', SERVFAIL) } }), result({ name: 'mary@example.com', ses: UNSIGNED })],
      {},
      ['eu-west-1 mary@example.com: warning address-overrides-domain (broken)'],
    ],
    ...[{ status: 'UNKNOWN' }, { signing: undefined }].map(
      (ses): [string, readonly IdentityResult[], Partial<TargetReport>, readonly string[]] => [
        `under a domain for which SES does not say that it signs: ${JSON.stringify(ses)}`,
        [result({ ses: ses as Partial<SesFacts> }), result({ name: 'mary@example.com', ses: UNSIGNED })],
        {},
        [],
      ],
    ),
    [
      'under a domain that SES doubts',
      [result({ ses: { status: 'TEMPORARY_FAILURE' } }), result({ name: 'mary@example.com', ses: UNSIGNED })],
      {},
      ['eu-west-1 example.com: warning ses-cannot-verify (broken)'],
    ],
    [
      'without its domain',
      [result({ name: 'mary@example.com', ses: UNSIGNED })],
      {},
      ['eu-west-1 mary@example.com: notice address-without-domain (healthy)'],
    ],
    ['whose domain may not have been listed yet', [result({ name: 'mary@example.com', ses: UNSIGNED })], { inventoryComplete: false }, []],
    ['whose domain could not be read', [result({ name: 'mary@example.com', ses: UNSIGNED })], { unread: [unread('example.com')] }, []],
    [
      'whose own domain could not be read, under a parent that works',
      [result(), result({ name: 'mary@news.example.com', ses: UNSIGNED })],
      { unread: [unread('news.example.com')] },
      [],
    ],
  ])('%s', (_, results, more, expected) => {
    expect(said([report(results, more)])).toEqual(expected);
  });

  test('the domain of another target does not count', () => {
    const reports = [report([result({ region: 'us-east-1' })]), report([result({ name: 'mary@example.com', ses: UNSIGNED })])];
    expect(said(reports)).toEqual(['eu-west-1 mary@example.com: notice address-without-domain (healthy)']);
  });
});

describe('an address that was said to override its domain, while nobody can tell whether that signs', () => {
  const known = new Map([['111111111111/eu-west-1/mary@example.com', 'example.com']]);
  const mary = result({ name: 'mary@example.com', ses: UNSIGNED });
  const signingUnsaid = { signing: undefined } as unknown as Partial<SesFacts>;
  const KEPT = 'warning address-overrides-domain';
  test.each<[string, readonly IdentityResult[], Partial<TargetReport>, boolean]>([
    ['its domain is not read in this sweep', [mary], { unread: [unread('example.com')] }, true],
    ['the listing is not complete', [mary], { inventoryComplete: false }, true],
    ['SES doubts the domain', [result({ ses: { status: 'TEMPORARY_FAILURE' } }), mary], {}, true],
    ['SES gives a status that nobody knows', [result({ ses: { status: 'UNKNOWN' } }), mary], {}, true],
    ['SES does not say whether it signs', [result({ ses: signingUnsaid }), mary], {}, true],
    [
      'a domain between is not read',
      [result(), result({ name: 'mary@news.example.com', ses: UNSIGNED })],
      { unread: [unread('news.example.com')] },
      true,
    ],
    // Mended, or another trouble:
    ['the address signs now', [result({ name: 'mary@example.com' })], { unread: [unread('example.com')] }, false],
    ['the domain is switched off', [result({ ses: { signing: false } }), mary], {}, false],
    ['the domain has lost its set-up', [result({ ses: { status: 'FAILED' } }), mary], {}, false],
    ['the domain is no identity any more', [mary], {}, false],
  ])('%s', (_, results, more, kept) => {
    const before = new Map([...known, ['111111111111/eu-west-1/mary@news.example.com', 'example.com']]);
    const find = (memory: ReadonlyMap<string, string>): readonly string[] =>
      withFindingsAcross([report(results, more)], memory).flatMap((one) =>
        one.results.flatMap(({ identity, diagnosis }) =>
          identity.type === 'address' ? diagnosis.findings.map(({ kind, severity }) => `${severity} ${kind}`) : [],
        ),
      );
    expect(find(before).includes(KEPT)).toBe(kept);
    // It is kept, never begun.
    expect(find(new Map())).not.toContain(KEPT);
  });
});

describe('one domain in several places', () => {
  const fine = report([result({ region: 'us-east-1' })]);
  const there = (ses: Partial<SesFacts>): TargetReport => report([result({ ses })]);

  test.each<[string, Partial<SesFacts>, readonly string[]]>([
    ['never set up', UNSIGNED, ['warning dkim-not-set-up', 'warning setup-differs']],
    ['switched off', { signing: false }, ['warning signing-disabled', 'warning setup-differs']],
    ['given up', { status: 'FAILED' }, ['critical verification-failed', 'warning setup-differs']],
    ['still pending', { status: 'PENDING' }, ['notice verification-pending']],
    ['fine as well', {}, []],
  ])('%s', (_, ses, kinds) => {
    expect(said([fine, there(ses)]).map((line) => line.replace(/^.*?: /, '').replace(/ \(.*/, ''))).toEqual(kinds);
  });

  test('all places are listed side by side, the own one first, then where all is well', () => {
    const [, one] = withFindingsAcross([fine, there(UNSIGNED), report([result({ region: 'eu-south-1', ses: { status: 'PENDING' } })])]);
    const [finding] = one?.results[0]?.diagnosis.findings.filter(({ kind }) => kind === 'setup-differs') ?? [];
    expect(finding?.kind === 'setup-differs' && finding.facts.sides).toEqual([
      { account: '111111111111', region: 'eu-west-1', method: 'easy', status: 'NOT_STARTED', signing: false, fine: false },
      { account: '111111111111', region: 'us-east-1', method: 'easy', status: 'SUCCESS', signing: true, fine: true },
      { account: '111111111111', region: 'eu-south-1', method: 'easy', status: 'PENDING', signing: true, fine: false },
    ]);
  });

  test('nowhere fine: nothing to compare with', () => {
    expect(
      said([there({ signing: false }), report([result({ region: 'us-east-1', ses: UNSIGNED })])]).filter((line) => /differs/.test(line)),
    ).toEqual([]);
  });
});

test('reports without anything to add come back as they are', () => {
  const reports = [report([result()])];
  expect(withFindingsAcross(reports)[0]).toBe(reports[0]);
});
