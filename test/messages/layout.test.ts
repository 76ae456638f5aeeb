import fc from 'fast-check';
import { cutMiddle, listed, plural, wrap } from '../../lambda/messages/layout.ts';
import { alertSubject } from '../../lambda/messages/subject.ts';
import { distance, span, utc, utcWithDistance } from '../../lambda/messages/times.ts';
import { wordAlert } from '../../lambda/messages/worded.ts';
import { alert, subject, wordsOf } from './build.ts';

const MIN = 60_000;
const NOW = '2026-11-23T21:00:00.000Z';

describe('times', () => {
  test.each([
    [0, 'less than a minute'],
    [59_999, 'less than a minute'],
    [5 * MIN, '5 min'],
    [60 * MIN, '1 h'],
    [200 * MIN, '3 h 20 min'],
    [24 * 60 * MIN, '24 h'],
    [(4 * 24 + 21) * 60 * MIN + 59 * MIN, '4 d 21 h'],
    [-5 * MIN, '5 min'],
    [Number.NaN, 'unknown time'],
  ])('span(%d) is %s', (ms, expected) => {
    expect(span(ms)).toBe(expected);
  });

  test.each([
    ['2026-11-28T18:30:00.000Z', 'in 4 d 21 h'],
    ['2026-11-23T20:57:00.000Z', '3 min ago'],
    ['2026-11-23T21:00:30.000Z', 'just now'],
    ['never', 'at an unknown time'],
  ])('distance(%s) is %s', (at, expected) => {
    expect(distance(at, NOW)).toBe(expected);
  });

  test('utc', () => {
    expect([utc(NOW), utc('never'), utcWithDistance('never', NOW)]).toEqual(['2026-11-23 21:00 UTC', 'unknown time', 'unknown time']);
  });
});

describe('layout', () => {
  test('wrap keeps the width, the indents and every word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { maxLength: 40 }), fc.integer({ min: 30, max: 90 }), (words, width) => {
        const lines = wrap(words.join(' '), width, '    ', '  - ');
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        expect(
          lines
            .map((l) => l.slice(4))
            .join(' ')
            .split(' ')
            .filter(Boolean),
        ).toEqual(words);
      }),
    );
  });

  test('a long name is not broken, a monstrous one is', () => {
    expect(wrap(`see ${'a'.repeat(300)} there`, 40)).toEqual(['see', 'a'.repeat(300), 'there']);
    expect(wrap('a'.repeat(2000), 40).every((line) => line.length <= 900)).toBe(true);
  });

  test('cutMiddle, plural, listed', () => {
    expect([cutMiddle('abcdefghij', 7), cutMiddle('abc', 7), cutMiddle('abcdef', 2)]).toEqual(['ab...ij', 'abc', 'ab']);
    expect([plural(1, 'record'), plural(0, 'record'), plural(12_345, 'identity', 'identities')]).toEqual([
      '1 record',
      '0 records',
      '12,345 identities',
    ]);
    expect([listed([]), listed(['a']), listed(['a', 'b', 'c']), listed(['a', 'b', 'c', 'd'], 2)]).toEqual([
      '',
      'a',
      'a, b and c',
      'a, b and 2 more',
    ]);
  });
});

describe('subjects', () => {
  const of = (name: string, title: string): string =>
    alertSubject(
      'opened',
      wordAlert(alert({ affected: [{ subject: subject(name), findings: alert().affected[0]?.findings ?? [] }] }), wordsOf(title), 1),
    );

  test('a long domain is cut in the middle, title and place stay', () => {
    const name = 'one-very-long-label-for-a-customer.and-another-one.mail.example.com';
    expect(of(name, `All 3 DKIM records are missing: ${name}`)).toBe(
      '[CRITICAL] All 3 DKIM records are missing: one-very-long-...l.example.com (us-east-1, 111111111111)',
    );
  });

  test('a title without the name gets it', () => {
    expect(of('example.com', 'Something is wrong')).toBe('[CRITICAL] Something is wrong: example.com (us-east-1, 111111111111)');
  });

  test('a title too long for everything gives up the place, then its end', () => {
    expect(of('example.com', `example.com ${'word '.repeat(40)}`)).toMatch(/^\[CRITICAL\] example\.com (word )+.*\.\.\.$/);
  });

  test('other scripts are shown as question marks', () => {
    expect(of('b\u00fccher.example', 'Nein \u2013 \u201cDoch\u201d\u2026')).toBe(
      '[CRITICAL] Nein - "Doch"...: b?cher.example (us-east-1, 111111111111)',
    );
  });
});
