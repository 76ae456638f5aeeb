import { beliefsOf } from '../../lambda/alerts/beliefs.ts';
import type { AlertMemory, Belief } from '../../lambda/model/alert.ts';
import {
  ACCOUNT,
  at,
  broken,
  finding,
  healthy,
  input,
  introduced,
  POLICY,
  report,
  result,
  START,
  sweep,
  target,
  unknown,
} from './build.ts';

const brief = (beliefs: readonly Belief[]): Record<string, string> =>
  Object.fromEntries(
    beliefs.map((b) => [
      b.key.replace(`${ACCOUNT}/`, ''),
      b.kind === 'healthy'
        ? `healthy${b.panel ? '' : ' (quick)'}`
        : b.kind === 'gone'
          ? b.why
          : b.kind === 'broken' && b.muted
            ? 'broken, muted'
            : b.kind,
    ]),
  );
const names = (belief: Belief | undefined): readonly string[] =>
  belief?.kind === 'broken' ? belief.affected.map((a) => `${a.subject.region} ${a.subject.identity}`) : [];
const withAlerts = (...results: readonly ReturnType<typeof result>[]): AlertMemory => sweep(input([report(results)])).memory;
const unreadable = { targets: [target()], finding: finding('target-unreadable', 'warning') };

describe('beliefsOf', () => {
  test('one belief for each identity', () => {
    const beliefs = beliefsOf(
      input([report([result('a.com'), result('b.com', broken()), result('c.com', unknown()), result('d.com', healthy, { panel: false })])]),
    );
    expect(brief(beliefs)).toEqual({
      'us-east-1/a.com': 'healthy',
      'us-east-1/b.com': 'broken',
      'us-east-1/c.com': 'unknown',
      'us-east-1/d.com': 'healthy (quick)',
    });
  });

  test('a complete listing without the identity: gone. An incomplete one: unknown', () => {
    const memory = withAlerts(result('a.com', broken()));
    expect(brief(beliefsOf(input([report([])], { memory })))).toEqual({ 'us-east-1/a.com': 'identity-deleted' });
    expect(brief(beliefsOf(input([report([], { inventoryComplete: false })], { memory })))).toEqual({ 'us-east-1/a.com': 'unknown' });
  });

  test('listed but not read: unknown', () => {
    const memory = withAlerts(result('a.com', broken()));
    const unread = [{ identity: 'a.com', type: 'domain' as const, reason: 'throttled' as const, detail: '' }];
    expect(brief(beliefsOf(input([report([], { unread })], { memory })))).toEqual({ 'us-east-1/a.com': 'unknown' });
  });

  test('a target that left the configuration', () => {
    const memory = withAlerts(result('a.com', broken()));
    const other = { ...report([]), ...target('eu-west-1') };
    expect(brief(beliefsOf(input([other], { memory })))).toEqual({ 'us-east-1/a.com': 'target-removed' });
  });

  test('an unreadable target is broken itself and hides its identities, but not records that DNS shows to be lost', () => {
    const given = report([result('a.com', broken()), result('b.com')], { gap: { reason: 'role-refused', detail: '' } });
    const beliefs = beliefsOf(input([given], { targetFindings: [unreadable] }));
    expect(brief(beliefs)).toEqual({ 'us-east-1': 'broken', 'us-east-1/a.com': 'broken', 'us-east-1/b.com': 'unknown' });
  });

  test('an unreadable target closes nothing, not even with an empty complete listing', () => {
    const memory = withAlerts(result('a.com', broken()));
    expect(brief(beliefsOf(input([report([])], { memory, targetFindings: [unreadable] })))).toEqual({
      'us-east-1': 'broken',
      'us-east-1/a.com': 'unknown',
    });
  });

  test('a target is well again once it has no gap', () => {
    const { memory } = sweep(input([report([])], { targetFindings: [unreadable] }));
    expect(brief(beliefsOf(input([report([])], { memory })))).toEqual({ 'us-east-1': 'healthy' });
    const gap = { reason: 'throttled' as const, detail: '' };
    expect(brief(beliefsOf(input([report([], { gap })], { memory })))).toEqual({ 'us-east-1': 'unknown' });
    const elsewhere = { ...report([]), ...target('eu-west-1') };
    expect(brief(beliefsOf(input([elsewhere], { memory })))).toEqual({ 'us-east-1': 'target-removed' });
  });

  test('a muted kind is left out, a wholly muted identity is muted', () => {
    const policy = { ...POLICY, mute: [{ identity: '*', kinds: ['record-missing'] }] };
    const both = broken(finding(), finding('signing-disabled', 'warning'));
    const beliefs = beliefsOf(input([report([result('a.com', both), result('b.com', broken())])], { policy }));
    expect(brief(beliefs)).toEqual({ 'us-east-1/a.com': 'broken', 'us-east-1/b.com': 'broken, muted' });
    const first = beliefs[0];
    expect(first?.kind === 'broken' && first.affected[0]?.findings.map((f) => f.kind)).toEqual(['signing-disabled']);
  });

  test('what SES says for certain opens an alert although DNS is unknown, but touches no open one', () => {
    const revoked = unknown(finding('revoked'), finding('identity-unknown', 'warning'));
    expect(brief(beliefsOf(input([report([result('a.com', revoked)])])))).toEqual({ 'us-east-1/a.com': 'broken' });
    const memory = withAlerts(result('a.com', broken()));
    expect(brief(beliefsOf(input([report([result('a.com', revoked)])], { memory })))).toEqual({ 'us-east-1/a.com': 'unknown' });
    const blind = unknown(finding('identity-unknown', 'warning'));
    expect(brief(beliefsOf(input([report([result('a.com', blind)])])))).toEqual({ 'us-east-1/a.com': 'unknown' });
  });
});

describe('the family of a replica', () => {
  const family = (parent = healthy, replica = healthy) => [
    report([result('a.com', parent, { method: 'easy' })]),
    { ...report([result('a.com', replica, { region: 'eu-west-1', method: 'deed' })]), ...target('eu-west-1') },
  ];

  test('shares one alert that names everybody hit', () => {
    const beliefs = beliefsOf(input(family(broken(), broken())));
    expect(brief(beliefs)).toEqual({ 'deed/a.com': 'broken' });
    expect(names(beliefs[0])).toEqual(['us-east-1 a.com', 'eu-west-1 a.com']);
  });

  test.each([
    ['one broken, one well', broken(), healthy, 'broken'],
    ['one broken, one unknown', broken(), unknown(), 'broken'],
    ['one unknown, one well', unknown(), healthy, 'unknown'],
    ['both well', healthy, healthy, 'healthy'],
  ])('%s', (_name, parent, replica, expected) => {
    expect(brief(beliefsOf(input(family(parent, replica))))).toEqual({ 'deed/a.com': expected });
  });

  test('other accounts, own keys (BYODKIM) and addresses stay apart', () => {
    const [parent, replica] = family(broken(), broken()) as [ReturnType<typeof report>, ReturnType<typeof report>];
    const more = [
      { ...report([result('a.com', broken(), { account: '222222222222' })]), ...target('us-east-1', '222222222222') },
      { ...report([result('a.com', broken(), { region: 'sa-east-1', method: 'byodkim' })]), ...target('sa-east-1') },
    ];
    expect(Object.keys(brief(beliefsOf(input([parent, replica, ...more]))))).toEqual([
      'deed/a.com',
      '222222222222/us-east-1/a.com',
      'sa-east-1/a.com',
    ]);
  });

  test('keeps its alert when the replica is deleted while it is open', () => {
    const { memory } = sweep(input(family(broken(), broken())));
    const [parent] = family(broken());
    const alone = [parent as ReturnType<typeof report>, { ...report([]), ...target('eu-west-1') }];
    expect(brief(beliefsOf(input(alone, { memory })))).toEqual({ 'deed/a.com': 'broken' });
  });

  test('does not recover while one of those it named was not seen', () => {
    const { memory } = sweep(input(family(broken(), broken())));
    const [parent] = family(healthy);
    const hidden = [parent as ReturnType<typeof report>, { ...report([], { inventoryComplete: false }), ...target('eu-west-1') }];
    expect(brief(beliefsOf(input(hidden, { memory })))).toEqual({ 'deed/a.com': 'unknown' });
  });

  test('an alert that was open before the replica came keeps its key', () => {
    const [parent, replica] = family(broken(), broken()) as [ReturnType<typeof report>, ReturnType<typeof report>];
    const { memory } = sweep(input([parent, { ...report([]), ...target('eu-west-1') }]));
    expect(brief(beliefsOf(input([parent, replica], { memory })))).toEqual({ 'us-east-1/a.com': 'broken', 'deed/a.com': 'broken' });
  });

  test('a replica that breaks later is told as a change of the same alert', () => {
    const reports = family(broken(), healthy);
    const first = sweep(input(reports));
    const second = sweep(input(family(broken(), broken()), { memory: first.memory, now: at(300_000) }));
    expect(second.plan.tellings.map((t) => [t.event, t.kind === 'alert' && t.alert.affected.length])).toEqual([['changed', 2]]);
    expect(introduced(...reports).introduced[`${ACCOUNT}/us-east-1`]?.at).toBe(START);
  });
});
