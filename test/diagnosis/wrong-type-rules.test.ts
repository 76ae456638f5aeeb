import type { DnsRecord, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { answer, atFirst, cname, KEY, NODATA, NXDOMAIN, only, type Scene, SERVFAIL, SILENT, TOKENS, txt } from './build.ts';
import { alone, type Case, followed, outcomeOf } from './say.ts';

const [A = '', B = ''] = TOKENS;
const FIRST = dnsName(`${A}._domainkey.example.com`);
const RANDOM = 'random123._domainkey.example.com';
const SHARED = `p=${KEY}`;

/** No CNAME at the name of this record; a TXT with these values, or none. */
const texts =
  (index: number | 'all', ...values: readonly string[]): NonNullable<Scene['answer']> =>
  (a) => {
    if (index !== 'all' && a.record.token !== TOKENS[index]) return undefined;
    return a.type === 'TXT' && values.length > 0 ? answer(...values.map((value) => txt(a.record.name, value))) : NODATA;
  };
const address = (name: string, value: string): DnsRecord => ({ type: 'A', name, ttl: 60, value });

describe('record-wrong-type: flattened', () => {
  const mixed: Scene['answer'] = (a) => texts(0, SHARED)(a) ?? texts(1)(a) ?? texts(2, '')(a);
  test.each<Case>([
    ['the key itself', { answer: texts(0, SHARED) }, 'broken record-wrong-type/warning'],
    ['while pending', { ses: { status: 'PENDING' }, answer: texts(0, SHARED) }, 'broken record-wrong-type/warning'],
    ['it explains why SES doubts', { ses: { status: 'TEMPORARY_FAILURE' }, answer: texts(0, SHARED) }, 'broken record-wrong-type/warning'],
    ['the key of one, nothing or an empty text behind the others', { answer: mixed }, 'broken record-wrong-type/warning'],
    [
      'a key that SES took back behind another',
      { answer: (a) => texts(0, SHARED)(a) ?? texts(1, 'p=')(a) },
      'broken record-wrong-type/warning',
    ],
    // Must not fire:
    [
      'the CNAME is shown, and a key that SES took back',
      { answer: (a) => (a.type === 'TXT' ? texts('all', 'p=')(a) : undefined) },
      'healthy',
    ],
    ['empty texts everywhere: nothing shows that there is a CNAME', { answer: texts('all', '') }, 'broken record-missing/critical'],
    [
      'another name does not exist at all',
      { answer: (a) => texts(0, SHARED)(a) ?? only(1, NXDOMAIN)(a) },
      'broken record-missing/critical record-wrong-type/warning',
    ],
    ['only one round', { rounds: 1, answer: texts(0, SHARED) }, 'unknown(unconfirmed)'],
    [
      'one server gives the CNAME',
      { answer: (a) => (a.server === 1 ? undefined : texts(0, SHARED)(a)) },
      'broken nameservers-disagree/warning',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('names every record behind the flattening, and starts no clock', () => {
    const one = alone({ answer: mixed }, 'record-wrong-type');
    expect(one.facts.cause).toBe('flattened');
    expect(one.facts.found.map(({ name }) => name)).toEqual(TOKENS.map((token) => `${token}._domainkey.example.com`));
    expect(one.deadlines).toEqual([]);
  });
});

describe('record-wrong-type: proxied', () => {
  const proxied = (value: string, beside: Outcome | 'not-asked' = NXDOMAIN): Scene => ({
    answer: texts(0),
    about: (r) =>
      r.token === A
        ? {
            addresses: [atFirst(r.name, 'A', answer(address(r.name, value)))],
            besideAddresses: beside === 'not-asked' ? [] : [atFirst(RANDOM, 'A', beside)],
          }
        : {},
  });
  test.each<Case>([
    ['addresses of its own', proxied('203.0.113.80'), 'broken record-wrong-type/critical'],
    ['the name beside it exists without addresses', proxied('203.0.113.80', NODATA), 'broken record-wrong-type/critical'],
    ['while pending', { ...proxied('203.0.113.80'), ses: { status: 'PENDING' } }, 'broken record-wrong-type/warning'],
    // Must not fire:
    ['a wildcard has the addresses', proxied('203.0.113.80', answer(address(RANDOM, '203.0.113.80'))), 'broken record-missing/critical'],
    ['a wildcard has other addresses', proxied('203.0.113.80', answer(address(RANDOM, '203.0.113.81'))), 'broken record-missing/critical'],
    ['nobody could say whether there is a wildcard', proxied('203.0.113.80', SERVFAIL), 'broken record-missing/critical'],
    ['nobody was asked whether there is a wildcard', proxied('203.0.113.80', 'not-asked'), 'broken record-missing/critical'],
    ['no addresses', { answer: texts(0), about: (r) => ({ addresses: [atFirst(r.name, 'A', NODATA)] }) }, 'broken record-missing/critical'],
    ['the CNAME is there', { ...proxied('203.0.113.80'), answer: () => undefined }, 'healthy'],
    ['only one round', { ...proxied('203.0.113.80'), rounds: 1 }, 'unknown(unconfirmed)'],
    [
      'a key of one’s own: addresses beside it are nothing of ours',
      { ...proxied('203.0.113.80'), method: 'byodkim', answer: only('all', NODATA) },
      'broken record-missing/critical',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('shows the addresses', () => {
    const one = alone(proxied('203.0.113.80'), 'record-wrong-type');
    expect(one.facts).toEqual({ cause: 'proxied', found: [{ name: FIRST, value: '203.0.113.80' }] });
    expect(one.evidence.some(({ question }) => question.type === 'A')).toBe(true);
    expect(one.deadlines.length).toBe(2);
  });
});

describe('record-wrong-type: text in place of the CNAME, a CNAME in place of the key', () => {
  const causeOf = (scene: Scene): string => alone(scene, 'record-wrong-type').facts.cause;
  const elsewhere = only('all', (r) => answer(cname(r.name, 'k.hosting.example')));
  test.each<readonly [string, Scene, string]>([
    ['the target as text', { answer: texts(0, `${A}.dkim.amazonses.com`) }, 'pasted-as-txt'],
    ['the target as text, as people paste it', { answer: texts(0, `CNAME ${A.toUpperCase()}.DKIM.amazonses.com.`) }, 'pasted-as-txt'],
    ['something else', { answer: texts(0, 'hello') }, 'other-txt'],
    ['the target of another record', { answer: texts(0, `${B}.dkim.amazonses.com`) }, 'other-txt'],
    [
      'a CNAME that leads to nothing',
      { method: 'byodkim', answer: elsewhere, resolvers: followed('k.hosting.example') },
      'cname-without-key',
    ],
    [
      'a CNAME that leads to an empty text',
      {
        method: 'byodkim',
        answer: elsewhere,
        resolvers: (r) => [answer(cname(r.name, 'k.hosting.example'), txt('k.hosting.example', ''))],
      },
      'cname-without-key',
    ],
  ])('%s', (_, scene, cause) => {
    expect(causeOf(scene)).toBe(cause);
    expect(outcomeOf(scene)).toBe('broken record-wrong-type/critical');
    expect(outcomeOf({ ...scene, ses: { status: 'PENDING' } })).toBe('broken record-wrong-type/warning');
    expect(outcomeOf({ ...scene, rounds: 1 })).toBe('unknown(unconfirmed)');
  });

  test.each<Case>([
    [
      'a selector delegated to a good key',
      {
        method: 'byodkim',
        answer: elsewhere,
        resolvers: (r) => [answer(cname(r.name, 'k.hosting.example'), txt('k.hosting.example', SHARED))],
      },
      'healthy',
    ],
    [
      'a selector delegated to a good key within the zone',
      { method: 'byodkim', answer: only('all', (r) => answer(cname(r.name, 'k.example.com'), txt('k.example.com', SHARED))) },
      'healthy',
    ],
    [
      'a selector delegated to a key taken back',
      {
        method: 'byodkim',
        answer: elsewhere,
        resolvers: (r) => [answer(cname(r.name, 'k.hosting.example'), txt('k.hosting.example', 'p='))],
      },
      'broken key-revoked/critical',
    ],
    ['the resolvers fail', { method: 'byodkim', answer: elsewhere, resolvers: () => [SERVFAIL, SILENT] }, 'unknown(not-judged)'],
    [
      'the resolvers remember the time before',
      { method: 'byodkim', answer: elsewhere, resolvers: () => [NXDOMAIN] },
      'unknown(not-judged)',
    ],
    [
      'the resolvers remember the key that was there before',
      { method: 'byodkim', answer: elsewhere, resolvers: (r) => [answer(txt(r.name, SHARED))] },
      'unknown(not-judged)',
    ],
    [
      'two causes, two findings',
      { answer: (a) => texts(0, 'hello')(a) ?? texts(1, `${B}.dkim.amazonses.com`)(a) },
      'broken record-wrong-type/critical record-wrong-type/critical',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('what stands there is shown, cut', () => {
    const found = alone({ answer: texts(0, `x${'y'.repeat(1000)}`) }, 'record-wrong-type').facts.found;
    expect(found.map(({ name, value }) => [name, value.length])).toEqual([[FIRST, 300]]);
  });
});
