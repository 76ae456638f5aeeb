import { judgeSelector } from '../../lambda/dkim/selector.ts';

test.each([
  ['s1', { kind: 'fine' }],
  ['S2026', { kind: 'fine' }],
  ['a'.repeat(63), { kind: 'fine' }],
  ['mail-2026', { kind: 'hyphens' }],
  ['', { kind: 'refused', why: 'empty' }],
  ['a'.repeat(64), { kind: 'refused', why: 'too-long' }],
  ['a.b', { kind: 'refused', why: 'period' }],
  ['s1.', { kind: 'refused', why: 'period' }],
  ['s1._domainkey', { kind: 'refused', why: 'period', meant: 's1' }],
  ['S1._domainkey.example.com', { kind: 'refused', why: 'period', meant: 's1' }],
  ['-a', { kind: 'refused', why: 'edge-hyphen' }],
  ['a-', { kind: 'refused', why: 'edge-hyphen' }],
  ['a_b', { kind: 'refused', why: 'symbol' }],
  ['a b', { kind: 'refused', why: 'symbol' }],
  ['ä', { kind: 'refused', why: 'symbol' }],
  ['a\n', { kind: 'refused', why: 'symbol' }],
])('%j', (text, verdict) => expect(judgeSelector(text)).toEqual(verdict));
