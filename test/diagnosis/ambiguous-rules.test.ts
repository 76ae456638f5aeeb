import { dnsName } from '../../lambda/model/names.ts';
import { answer, atFirst, cname, KEY, OTHER_KEY, only, right, type Scene, TOKENS, txt } from './build.ts';
import { alone, among, type Case, outcomeOf } from './say.ts';

const [A = ''] = TOKENS;
const OWN = dnsName('s1._domainkey.example.com');
const RANDOM = 'random123._domainkey.example.com';
const SHARED = `p=${KEY}`;

describe('record-ambiguous', () => {
  const target = `${A}.dkim.amazonses.com`;
  const own = (...values: readonly string[]): Scene => ({
    method: 'byodkim',
    answer: only('all', (r) => answer(...values.map((value) => txt(r.name, value))), { type: 'TXT' }),
  });
  const [head, tail] = [`v=DKIM1; k=rsa; p=${KEY.slice(0, 200)}`, KEY.slice(200)];
  const both: Scene = { answer: only(0, (r) => answer(cname(r.name, target), txt(r.name, 'hello'))) };
  test.each<readonly [string, Scene, string, boolean]>([
    ['two keys, one of them good', own(SHARED, 'v=DKIM1; p='), 'several-txt', true],
    ['two good keys', own(SHARED, `p=${OTHER_KEY}`), 'several-txt', true],
    ['two texts, neither a key', own('hello', 'world'), 'several-txt', false],
    ['two keys, neither the configured one', { ...own(SHARED, 'hello'), publicKey: OTHER_KEY }, 'several-txt', false],
    ['one key cut into two records', own(head, tail), 'cut-into-two-records', false],
    [
      'two CNAMEs, one of them right',
      { answer: only(0, (r) => answer(cname(r.name, target), cname(r.name, 'parking.example'))) },
      'several-cnames',
      true,
    ],
    [
      'two CNAMEs, neither right',
      { answer: only(0, (r) => answer(cname(r.name, 'a.example'), cname(r.name, 'b.example'))) },
      'several-cnames',
      false,
    ],
    ['a text beside the CNAME in one answer', both, 'cname-beside-other-data', true],
    [
      'a text instead of the CNAME to who asks TXT',
      { answer: only(0, (r) => answer(txt(r.name, 'hello')), { type: 'TXT' }) },
      'cname-beside-other-data',
      false,
    ],
    [
      'a good key instead of the CNAME to who asks TXT',
      { answer: only(0, (r) => answer(txt(r.name, SHARED)), { type: 'TXT' }) },
      'cname-beside-other-data',
      true,
    ],
    [
      'a good key beside a CNAME',
      { method: 'byodkim', answer: only('all', (r) => answer(cname(r.name, 'k.example'), txt(r.name, SHARED))) },
      'cname-beside-other-data',
      true,
    ],
    [
      'two CNAMEs at a selector',
      { method: 'byodkim', answer: only('all', (r) => answer(cname(r.name, 'a.example'), cname(r.name, 'b.example'))) },
      'several-cnames',
      false,
    ],
  ])('%s', (_, scene, cause, usable) => {
    const one = alone(scene, 'record-ambiguous');
    expect([one.facts.cause, one.facts.usable]).toEqual([cause, usable]);
    expect(one.severity).toBe(usable ? 'warning' : 'critical');
    expect(one.deadlines.length).toBe(usable ? 0 : 2);
    expect(outcomeOf({ ...scene, ses: { status: 'TEMPORARY_FAILURE' } })).toBe(
      `broken record-ambiguous/${usable ? 'warning' : 'critical'}`,
    );
    expect(among({ ...scene, ses: { status: 'PENDING' } }, 'record-ambiguous').severity).toBe('warning');
    expect(outcomeOf({ ...scene, rounds: 1 })).toBe('unknown(unconfirmed)');
  });

  test.each<Case>([
    [
      'one key in two strings of one record',
      { method: 'byodkim', answer: only('all', (r) => answer(txt(r.name, head, tail)), { type: 'TXT' }) },
      'healthy',
    ],
    [
      'two texts that any name gets',
      {
        ...own('hello', 'world'),
        beside: () => [atFirst(RANDOM, 'TXT', answer(txt(RANDOM, 'world'), txt(RANDOM, 'hello')))],
      },
      'broken wildcard-answer/critical',
    ],
    ['the same CNAME twice', { answer: only(0, (r) => answer(cname(r.name, target), cname(r.name, target.toUpperCase()))) }, 'healthy'],
    [
      'several texts where the CNAME leads: SES’s own affair',
      { answer: only(0, (r) => answer(cname(r.name, target), txt(target, 'p='), txt(target, SHARED))) },
      'healthy',
    ],
    ['as it should be in the second round', { answer: (a) => (a.round === 1 ? both.answer?.(a) : right(a.record, a.type)) }, 'healthy'],
  ])('must not fire: %s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('lists the values, few and cut, and offers the key of memory', () => {
    const one = alone(
      {
        ...own(...Array.from({ length: 9 }, (_, i) => `${i}${'z'.repeat(900)}`)),
        history: { lastRecords: [{ name: OWN, type: 'TXT', value: SHARED }] },
      },
      'record-ambiguous',
    );
    expect(one.facts.name).toBe(OWN);
    expect(one.facts.values.map((value) => value.length)).toEqual([300, 300, 300, 300, 300, 300]);
    expect(one.records).toEqual([{ type: 'TXT', name: OWN, token: 's1', publicKey: KEY }]);
  });
});
