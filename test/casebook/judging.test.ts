// The judges of the casebook: a departure from what is expected is seen, whichever it is, and nothing else is.
import type { Report, ReportFinding } from '../../lambda/model/report.ts';
import { atMost, broken, HEALTHY, notice, says } from '../../sandbox/scenarios/kinds.ts';
import { scenario } from '../../sandbox/scenarios/scenario.ts';
import { departures } from './departures.ts';
import type { Played } from './theatre.ts';
import { wordDepartures } from './words.ts';

const SHOP = '111111111111/eu-west-1/shop.com';
const TARGET = '111111111111/eu-west-1';

const finding = (kind: ReportFinding['kind'], more: Partial<ReportFinding> = {}): ReportFinding => ({
  kind,
  severity: 'critical',
  facts: {},
  title: `${kind} of shop.com`,
  meaning: '',
  next: '',
  fix: [],
  records: [],
  evidence: [],
  ...more,
});

/** One identity, shop.com, and whatever is said of its target. */
function reportOf(
  diagnosis: 'healthy' | 'broken' | 'unknown',
  findings: readonly ReportFinding[],
  ofTarget: readonly ReportFinding[] = [],
): Report {
  const target = { account: '111111111111', region: 'eu-west-1' };
  return {
    schema: 1,
    startedAt: '2026-06-01T12:00:00.000Z',
    finishedAt: '2026-06-01T12:00:01.000Z',
    targets: [{ ...target, identities: 1 }],
    identities: [{ ...target, identity: 'shop.com', type: 'domain', method: 'easy', ses: { status: 'SUCCESS' }, diagnosis, findings }],
    findings: ofTarget.map((one) => ({ ...one, targets: [target] })),
    summary: { healthy: 0, broken: 0, unknown: 0, bySeverity: { notice: 0, warning: 0, critical: 0 } },
    cost: { sesCalls: 0, dnsQuestions: 0, stsCalls: 0 },
  };
}

describe('findings', () => {
  const missing = finding('record-missing', {
    facts: {
      missing: 1,
      found: [
        { name: 'a', at: 'x' },
        { name: 'b', at: 'y' },
      ],
    },
  });

  it('as expected: no word', () => {
    expect(
      departures(reportOf('broken', [missing]), { [SHOP]: broken('record-missing', { missing: 1, found: [{ at: 'y' }, { at: 'x' }] }) }),
    ).toEqual([]);
    expect(departures(reportOf('healthy', []), {})).toEqual([]);
    expect(departures(reportOf('unknown', []), { [SHOP]: atMost([], ['healthy', 'unknown']) })).toEqual([]);
  });

  it('too few, too many, and the wrong answer', () => {
    expect(departures(reportOf('healthy', []), { [SHOP]: broken('record-missing') })).toEqual([
      `${SHOP}: record-missing was not said (but: nothing; healthy)`,
      `${SHOP}: healthy, not broken ()`,
    ]);
    expect(departures(reportOf('broken', [missing, finding('revoked')]), { [SHOP]: broken('record-missing') })).toEqual([
      `${SHOP}: revoked was said`,
    ]);
    expect(departures(reportOf('broken', [missing]), { [SHOP]: HEALTHY })).toHaveLength(2);
    expect(departures(reportOf('healthy', []), { '111111111111/eu-west-1/gone.com': HEALTHY })).toEqual([
      '111111111111/eu-west-1/gone.com: undefined, not healthy ()',
    ]);
  });

  it('with other facts or another severity', () => {
    expect(
      departures(reportOf('broken', [missing]), { [SHOP]: broken('record-missing', { missing: 3 }, { severity: 'warning' }) }),
    ).toEqual([`${SHOP}: record-missing.missing is 1, not 3`, `${SHOP}: record-missing is critical, not warning`]);
    expect(departures(reportOf('broken', [missing]), { [SHOP]: broken('record-missing', { found: [{ at: 'x' }] }) })).toHaveLength(1);
    expect(
      departures(reportOf('broken', [missing]), { [SHOP]: broken('record-missing', { found: [{ at: 'x' }, { at: 'z' }] }) }),
    ).toHaveLength(1);
  });

  it('about those of whom nothing is expected, identities and targets', () => {
    expect(departures(reportOf('healthy', [finding('verification-pending')]), {})).toEqual([
      `${SHOP}: verification-pending was said, though nobody expects a word about it`,
    ]);
    expect(departures(reportOf('unknown', []), {})).toEqual([`${SHOP}: unknown, though nothing is wrong with it`]);
    expect(departures(reportOf('healthy', [], [finding('target-unreadable')]), {})).toEqual([
      `${TARGET}: target-unreadable was said, though nobody expects a word about it`,
    ]);
  });

  it('of a target: all of them count, not the last one', () => {
    const report = reportOf('healthy', [], [finding('target-unreadable'), finding('identity-unknown')]);
    expect(departures(report, { [TARGET]: says({ 'target-unreadable': {} }) })).toEqual([`${TARGET}: identity-unknown was said`]);
    expect(departures(report, { [TARGET]: says({ 'target-unreadable': {}, 'identity-unknown': {} }) })).toEqual([]);
  });

  it('a notice leaves healthy what it is about', () => {
    const pending = finding('verification-pending', { severity: 'notice' });
    expect(departures(reportOf('healthy', [pending]), { [SHOP]: notice('verification-pending') })).toEqual([]);
    expect(departures(reportOf('broken', [pending]), { [SHOP]: notice('verification-pending') })).toHaveLength(1);
  });
});

describe('words', () => {
  const step = { title: 'It breaks', apply: () => undefined };
  const played: Played = {
    scenario: scenario('first-light'),
    moments: [
      { report: reportOf('healthy', []), mails: [{ subject: 'First look', body: 'all healthy' }] },
      {
        step,
        report: reportOf('broken', [finding('record-missing')]),
        mails: [{ subject: '1 of 3', body: 'put back\n     exactly this' }],
      },
    ],
    asked: ['a._domainkey.shop.com'],
    log: '',
  };
  const told = (more: object) => wordDepartures({ scenario: 'first-light', ...more }, played);

  it('are looked for in the mails of the steps and in the last report, wherever their lines break', () => {
    expect(told({ mails: 1, says: ['1 of 3', 'back exactly this', /^1 of/, 'record-missing of shop.com'], never: ['2 of 3'] })).toEqual([]);
  });

  it('that are not there, or should not be, are named', () => {
    expect(told({ mails: 2 })).toEqual(['1 mails, not 2: 1 of 3']);
    expect(told({ says: ['all healthy'], never: [/exactly/] })).toEqual(['does not say all healthy', 'says /exactly/']);
    expect(told({ neverAsks: /_domainkey/ })).toEqual(['asks about a._domainkey.shop.com']);
  });

  it('of a scenario without steps are those of the first look', () => {
    const { moments } = played;
    expect(
      wordDepartures({ scenario: 'first-light', mails: 0, says: ['all healthy'] }, { ...played, moments: moments.slice(0, 1) }),
    ).toEqual([]);
  });
});
