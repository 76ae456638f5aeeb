import fc from 'fast-check';
import { isWithin, parseAccountId, parseDnsName, parseRegion } from '../../lambda/model/names.ts';

describe('parseDnsName', () => {
  test.each([
    ['example.com', 'example.com'],
    ['Example.COM.', 'example.com'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['_domainkey.example.com', '_domainkey.example.com'],
    ['xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
    ['a'.repeat(63), 'a'.repeat(63)],
  ])('reads %s', (text, value) => {
    expect(parseDnsName(text)).toEqual({ ok: true, value });
  });

  test.each([
    ['', 'empty'],
    ['.', 'empty'],
    ['a..b', 'empty label'],
    ['.a', 'empty label'],
    ['a'.repeat(64), 'longer than 63'],
    [`${'a.'.repeat(130)}com`, 'longer than 253'],
    ['https://example.com', 'bare name'],
    ['user@example.com', 'bare name'],
    ['exa mple.com', 'bare name'],
    ['-a.example', 'characters'],
    ['a\u0007.example', 'characters'],
  ])('refuses %j in one sentence', (text, part) => {
    const parsed = parseDnsName(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problem).toContain(part);
  });

  test('never throws, and never lets a control character into its sentence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const parsed = parseDnsName(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for.
        if (!parsed.ok) expect(parsed.problem).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        else expect(parseDnsName(parsed.value)).toEqual(parsed);
      }),
      { numRuns: 2000 },
    );
  });
});

test('account ids and regions', () => {
  expect(parseAccountId('123456789012').ok).toBe(true);
  expect(parseAccountId('12345678901').ok).toBe(false);
  expect(parseRegion('us-gov-west-1').ok).toBe(true);
  expect(parseRegion('eusc-de-east-1').ok).toBe(true);
  expect(parseRegion('europe').ok).toBe(false);
});

test('isWithin compares whole labels', () => {
  const name = (text: string) => {
    const parsed = parseDnsName(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value;
  };
  expect(isWithin(name('a.example.com'), name('example.com'))).toBe(true);
  expect(isWithin(name('badexample.com'), name('example.com'))).toBe(false);
});
