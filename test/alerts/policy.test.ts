import fc from 'fast-check';
import { isMuted, matchesPattern } from '../../lambda/alerts/policy.ts';
import type { Mute } from '../../lambda/model/policy.ts';

const NOW = '2026-11-23T21:00:00.000Z';

describe('matchesPattern', () => {
  test.each([
    ['example.com', 'example.com', true],
    ['Example.COM', 'example.com.', true],
    ['a.example.com', 'example.com', false],
    ['a.b.test.example.com', '*.test.example.com', true],
    ['test.example.com', '*.test.example.com', false],
    ['anything at all', '*', true],
    ['', '*', true],
    ['news@example.com', '*@example.com', true],
    ['ab', 'ab*ab', false],
    ['abab', 'ab*ab', true],
    ['a-x-y-b', 'a*x*y*b', true],
    ['a-y-x-b', 'a*x*y*b', false],
    ['111111111111/us-east-1', '111111111111/*', true],
    ['axb', 'a.b', false],
    ['a+b', 'a+b', true],
  ])('%j against %j: %p', (text, pattern, expected) => {
    expect(matchesPattern(text, pattern)).toBe(expected);
  });

  test('agrees with a plain recursive definition', () => {
    const slow = (t: string, p: string): boolean => {
      if (p === '') return t === '';
      if (p[0] === '*') return slow(t, p.slice(1)) || (t !== '' && slow(t.slice(1), p));
      return t[0] === p[0] && slow(t.slice(1), p.slice(1));
    };
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(fc.property(text, pattern, (t, p) => matchesPattern(t, p) === slow(t, p)));
  });
});

describe('isMuted', () => {
  test.each([
    ['for ever', { identity: '*' }, true],
    ['another identity', { identity: 'other.com' }, false],
    ['this kind', { identity: '*', kinds: ['record-missing'] }, true],
    ['another kind', { identity: '*', kinds: ['revoked'] }, false],
    ['an empty list of kinds means all', { identity: '*', kinds: [] }, true],
    ['until tomorrow', { identity: '*', until: '2026-11-24' }, true],
    ['until today is over already: the date is exclusive', { identity: '*', until: '2026-11-23' }, false],
    ['until a minute later', { identity: '*', until: '2026-11-23T21:01:00Z' }, true],
    ['until now', { identity: '*', until: '2026-11-23T21:00:00Z' }, false],
    ['a time without a zone is UTC', { identity: '*', until: '2026-11-23T21:01:00' }, true],
    ['a time with a zone', { identity: '*', until: '2026-11-23T23:00:00+02:00' }, false],
    ['in its account', { identity: '*', account: '111111111111' }, true],
    ['in another account', { identity: '*', account: '222222222222' }, false],
    ['in its region', { identity: 'example.com', region: 'eu-west-1' }, true],
    ['in another region', { identity: 'example.com', region: 'us-east-1' }, false],
    ['in its account and another region', { identity: '*', account: '111111111111', region: 'us-east-1' }, false],
    ['another name in its account', { identity: 'other.com', account: '111111111111' }, false],
    ['what is no time mutes nothing', { identity: '*', until: 'next year' }, false],
  ])('%s', (_name, mute, expected) => {
    const subject = { account: '111111111111', region: 'eu-west-1', identity: 'example.com' };
    expect(isMuted(subject, 'record-missing', [mute], NOW)).toBe(expected);
  });

  test('a target is named by account and region', () => {
    const target = { account: '111111111111', region: 'eu-west-1' };
    const muted = (mute: Mute): boolean => isMuted(target, 'target-unreadable', [mute], NOW);
    expect(muted({ identity: '111111111111/eu-west-1' })).toBe(true);
    expect(muted({ identity: '111111111111/*', region: 'eu-west-1' })).toBe(true);
    expect(muted({ identity: '111111111111/*', region: 'us-east-1' })).toBe(false);
    expect(muted({ identity: 'example.com', account: '111111111111' })).toBe(false);
  });
});
