import type { Outcome } from '../../lambda/model/lookup.ts';
import { answer, atFirst, cname, KEY, NXDOMAIN, only, type Scene, SERVFAIL, TOKENS, txt } from './build.ts';
import { alone, followed, outcomeOf } from './say.ts';

const wrong = (target: string) => only(0, (record) => answer(cname(record.name, target)));

describe('record-name-doubled', () => {
  const at = (name: string, outcome: Outcome) => [atFirst(name, 'CNAME', outcome)];
  const doubledName = (name: string): string => `${name}.example.com`;
  const found: Scene['doubled'] = (r) => at(doubledName(r.name), answer(cname(doubledName(r.name), `${r.token}.dkim.amazonses.com`)));

  test.each<[string, Scene, string]>([
    ['absent at its name, there at the doubled one', { answer: only(0, NXDOMAIN), doubled: found }, 'broken record-name-doubled/critical'],
    ['while pending', { ses: { status: 'PENDING' }, answer: only(0, NXDOMAIN), doubled: found }, 'broken record-name-doubled/warning'],
    [
      'BYODKIM',
      {
        method: 'byodkim',
        answer: only('all', NXDOMAIN),
        doubled: (r) => [atFirst(doubledName(r.name), 'TXT', answer(txt(doubledName(r.name), `p=${KEY}`)))],
      },
      'broken record-name-doubled/critical',
    ],
    [
      'one doubled, one plainly missing',
      { answer: (a) => only(0, NXDOMAIN)(a) ?? only(1, NXDOMAIN)(a), doubled: (r) => (r.token === TOKENS[0] ? (found?.(r) ?? []) : []) },
      'broken record-missing/critical record-name-doubled/critical',
    ],
    // Must not fire:
    ['there at both names', { doubled: found }, 'healthy'],
    [
      'another value at the doubled name',
      { answer: only(0, NXDOMAIN), doubled: (r) => at(doubledName(r.name), answer(cname(doubledName(r.name), 'parking.example'))) },
      'broken record-missing/critical',
    ],
    [
      'a wildcard gives the same beside it',
      {
        method: 'byodkim',
        answer: only('all', NXDOMAIN),
        doubled: (r) => [atFirst(doubledName(r.name), 'TXT', answer(txt(doubledName(r.name), `p=${KEY}`)))],
        besideDoubled: () => [
          atFirst('rnd._domainkey.example.com.example.com', 'TXT', answer(txt('rnd._domainkey.example.com.example.com', `p=${KEY}`))),
        ],
      },
      'broken record-missing/critical',
    ],
    ['absence not confirmed', { rounds: 1, answer: only(0, NXDOMAIN), doubled: found }, 'unknown(unconfirmed)'],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says where it was found', () => {
    const name = `${TOKENS[0]}._domainkey.example.com`;
    const one = alone({ answer: only(0, NXDOMAIN), doubled: found }, 'record-name-doubled');
    expect(one.facts.found).toEqual([{ name, foundAt: `${name}.example.com` }]);
  });
});

describe('record-wrong-target', () => {
  const [a = '', b = ''] = TOKENS;
  const cause = (target: string): string => {
    const one = alone({ answer: wrong(target), resolvers: followed(target) }, 'record-wrong-target');
    return one.facts.zone === undefined ? one.facts.cause : `${one.facts.cause} ${one.facts.zone}`;
  };
  test.each([
    ['domain appended', `${a}.dkim.amazonses.com.example.com`, 'domain-appended'],
    ['_domainkey and domain appended', `${a}.dkim.amazonses.com._domainkey.example.com`, 'domain-appended'],
    ['another region', `${a}.dkim.eu-south-1.amazonses.com`, 'other-region-zone dkim.eu-south-1.amazonses.com'],
    ['a former identity', `${'z9'.repeat(16)}.dkim.amazonses.com`, 'stale-token'],
    ['a slip in the token', `${a.slice(0, -1)}x.dkim.amazonses.com`, 'typo'],
    ['a character lost', `${a}.dkim.amazonse.com`, 'typo'],
    ['mixed up with another token of the identity', `${b}.dkim.amazonses.com`, 'typo'],
    ['something else', 'parking.example', 'unrelated'],
    ['three slips', `${a.slice(0, -3)}xyz.dkim.amazonses.org`, 'unrelated'],
    ['something appended that is not the domain', `${a}.dkim.amazonses.com.example.org`, 'unrelated'],
  ])('%s', (_, target, expected) => {
    expect(cause(target)).toBe(expected);
  });

  test.each<[string, Scene, string]>([
    [
      'pending',
      { ses: { status: 'PENDING' }, answer: wrong('parking.example'), resolvers: followed('parking.example') },
      'broken record-wrong-target/warning',
    ],
    [
      'some servers wrong, others without',
      { answer: (x) => (x.server === 1 ? only(0, NXDOMAIN)(x) : wrong('parking.example')(x)), resolvers: followed('parking.example') },
      'broken record-wrong-target/critical',
    ],
    [
      'two causes, two findings',
      {
        answer: (x) => wrong('parking.example')(x) ?? only(1, (r) => answer(cname(r.name, `${r.token}.dkim.eu-south-1.amazonses.com`)))(x),
        resolvers: followed('parking.example'),
      },
      'broken record-wrong-target/critical record-wrong-target/critical',
    ],
    // Must not fire:
    [
      'case does not count',
      { answer: only(0, (r) => answer(cname(r.name.toUpperCase(), `${r.token.toUpperCase()}.DKIM.amazonses.com`))) },
      'healthy',
    ],
    ['only one round', { rounds: 1, answer: wrong('parking.example'), resolvers: followed('parking.example') }, 'unknown(unconfirmed)'],
    ['nobody knows where the chain ends', { answer: wrong('x.hosting.example'), resolvers: () => [SERVFAIL] }, 'unknown(not-judged)'],
    [
      'the resolvers still remember that nothing was there',
      { answer: wrong('x.hosting.example'), resolvers: () => [NXDOMAIN] },
      'unknown(not-judged)',
    ],
    [
      'the resolvers still remember where it led before',
      { answer: wrong('x.hosting.example'), resolvers: (r) => [answer(cname(r.name, `${r.token}.dkim.amazonses.com`))] },
      'unknown(not-judged)',
    ],
    [
      'several CNAMEs',
      { answer: only(0, (r) => answer(cname(r.name, `${r.token}.dkim.amazonses.com`), cname(r.name, 'parking.example'))) },
      'broken record-ambiguous/warning',
    ],
    [
      'another value in each round',
      { answer: (x) => wrong(`p${x.round}.example`)(x), resolvers: followed('p2.example') },
      'unknown(unconfirmed)',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });
});
