import { keyEnd } from '../../lambda/dkim/judge-key.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { answer, cname, hoursAgo, KEY, NOW, OTHER_KEY, only, rsaKey, type Scene, TOKENS, txt } from './build.ts';
import { alone, among, type Case, outcomeOf } from './say.ts';

const NAME = dnsName('s1._domainkey.example.com');
const WEAK = rsaKey(1024);
const SHORT = rsaKey(768);
const ED25519 = 'k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

/** A key record of one's own with this value, on every server. */
const own = (value: string, change: Scene = {}): Scene => ({
  method: 'byodkim',
  answer: only('all', (r) => answer(txt(r.name, value)), { type: 'TXT' }),
  ...change,
});
const remembered = (key: string): NonNullable<Scene['history']> => ({
  lastRecords: [{ name: NAME, type: 'TXT', value: `v=DKIM1; p=${key}` }],
});
/** The same text where an Easy DKIM CNAME leads: SES's own affair. */
const behindCname = (value: string): Scene => ({
  answer: only('all', (r) => {
    const target = r.type === 'CNAME' ? r.target : r.name;
    return answer(cname(r.name, target), txt(target, value));
  }),
});

describe.each<readonly [string, string]>([
  ['key-wrong-type', ED25519],
  ['key-wrong-type', 'k=RSA; p=abc'],
  ['key-too-short', `p=${SHORT}`],
  ['key-restricted', `s=web; p=${KEY}`],
  ['key-restricted', `h=sha1; p=${KEY}`],
])('%s (%s)', (kind, value) => {
  test.each<Case>([
    ['fires', own(value), `broken ${kind}/critical`],
    ['while SES doubts', own(value, { ses: { status: 'TEMPORARY_FAILURE' } }), `broken ${kind}/critical`],
    ['while pending', own(value, { ses: { status: 'PENDING' } }), `broken ${kind}/critical`],
    ['it explains that SES gave up', own(value, { ses: { status: 'FAILED' }, history: 'first-sight' }), `broken ${kind}/critical`],
    // Must not fire:
    ['only one round', own(value, { rounds: 1 }), 'unknown(unconfirmed)'],
    ['put right by the second round', own(value, { answer: (a) => (a.round === 1 ? own(value).answer?.(a) : undefined) }), 'healthy'],
    [
      'one server has the right one',
      own(value, { answer: (a) => (a.server === 1 ? undefined : own(value).answer?.(a)) }),
      'broken nameservers-disagree/warning',
    ],
    ['behind the CNAME of Easy DKIM', behindCname(value), 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('offers the key that was there before; the very same one where only a tag is wrong', () => {
    const known = kind === 'key-restricted' ? { publicKey: KEY } : {};
    expect(alone(own(value, { history: remembered(KEY) }), kind as 'key-too-short').records).toEqual([
      { type: 'TXT', name: NAME, token: 's1', publicKey: KEY },
    ]);
    expect(alone(own(value), kind as 'key-too-short').records).toEqual([{ type: 'TXT', name: NAME, token: 's1', ...known }]);
  });
});

test('what is wrong with the key is in the facts', () => {
  expect(alone(own(ED25519), 'key-wrong-type').facts).toEqual({ name: NAME, type: 'ed25519' });
  expect(alone(own(`p=${SHORT}`), 'key-too-short').facts).toEqual({ name: NAME, bits: 768 });
  expect(alone(own(`s=web; p=${KEY}`), 'key-restricted').facts).toEqual({ name: NAME, tag: 's', value: 'web' });
  expect(alone(own(`s=*; h=sha1:x; p=${KEY}`), 'key-restricted').facts).toEqual({ name: NAME, tag: 'h', value: 'sha1:x' });
});

describe('key-weak', () => {
  const easy = (ses: NonNullable<Scene['ses']>, change: Scene = {}): Scene => ({
    ses: { currentKeyLength: 'RSA_1024_BIT', ...ses },
    ...change,
  });
  test.each<Case>([
    ['1024 bits of one’s own', own(`p=${WEAK}`), 'healthy key-weak/notice'],
    ['1024 bits of SES', easy({}), 'healthy key-weak/notice'],
    ['1024 bits of SES, in a replica', easy({}, { method: 'deed' }), 'healthy key-weak/notice'],
    [
      'a quick look is enough for a notice',
      own(`p=${WEAK}`, { rounds: 1, dns: { level: 'quick', confirmed: true } }),
      'healthy key-weak/notice',
    ],
    // Must not fire:
    ['1024 bits are only planned', { ses: { currentKeyLength: 'RSA_2048_BIT', nextKeyLength: 'RSA_1024_BIT' } }, 'healthy'],
    ['SES says nothing of the key it signs with', { ses: { nextKeyLength: 'RSA_1024_BIT' } }, 'healthy'],
    ['not verified yet', easy({ status: 'PENDING' }, { history: { pendingSince: NOW } }), 'healthy verification-pending/notice'],
    ['an address', easy({ status: 'SUCCESS' }, { identity: { type: 'address', identity: 'me@example.com', tokens: [] } }), 'healthy'],
    ['something else is wrong', own(`p=${WEAK}`, { publicKey: KEY }), 'broken key-mismatch/critical'],
    ['2048 bits', own(`p=${KEY}`), 'healthy'],
    ['1024 bits behind a CNAME: SES knows better', behindCname(`p=${WEAK}`), 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('says where the key is, and what SES plans', () => {
    expect(alone(own(`p=${WEAK}`), 'key-weak').facts).toEqual({ bits: 1024, where: 'record' });
    expect(alone(easy({}), 'key-weak').facts).toEqual({ bits: 1024, where: 'easy' });
    expect(alone(easy({ nextKeyLength: 'RSA_2048_BIT' }), 'key-weak').facts).toEqual({ bits: 1024, where: 'easy', nextIsLonger: true });
  });
});

describe('key-testing', () => {
  test.each<Case>([
    ['t=y', own(`t=y; p=${KEY}`), 'broken key-testing/warning'],
    ['t=y among others', own(`t=s:y; p=${KEY}`), 'broken key-testing/warning'],
    ['a weak one for tests: the notice is told as well', own(`t=y; p=${WEAK}`), 'broken key-testing/warning key-weak/notice'],
    ['known from before', own(`t=y; p=${KEY}`, { rounds: 1, dns: { confirmed: true } }), 'broken key-testing/warning'],
    // Must not fire:
    ['t=s', own(`t=s; p=${KEY}`), 'healthy'],
    ['not confirmed', own(`t=y; p=${KEY}`, { rounds: 1 }), 'healthy'],
    ['another key than configured: that is worse', own(`t=y; p=${KEY}`, { publicKey: OTHER_KEY }), 'broken key-mismatch/critical'],
    ['behind the CNAME of Easy DKIM', behindCname(`t=y; p=${KEY}`), 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('offers the very same key without the tag', () => {
    expect(alone(own(`t=y; p=${OTHER_KEY}`, { history: remembered(OTHER_KEY) }), 'key-testing').records).toEqual([
      { type: 'TXT', name: NAME, token: 's1', publicKey: OTHER_KEY },
    ]);
  });
});

describe('key-mismatch', () => {
  test.each<Case>([
    ['another than configured', own(`p=${OTHER_KEY}`, { publicKey: KEY }), 'broken key-mismatch/critical'],
    [
      'whatever was there before',
      own(`p=${OTHER_KEY}`, { publicKey: KEY, history: remembered(OTHER_KEY) }),
      'broken key-mismatch/critical',
    ],
    // Must not fire:
    ['the configured one', own(`v=DKIM1; n=note; p=${KEY.slice(0, 50)} ${KEY.slice(50)}`, { publicKey: KEY }), 'healthy'],
    ['none is configured', own(`p=${OTHER_KEY}`), 'healthy'],
    ['only one round', own(`p=${OTHER_KEY}`, { publicKey: KEY, rounds: 1 }), 'unknown(unconfirmed)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('shows the ends of both keys, and offers the configured one', () => {
    const one = alone(own(`p=${OTHER_KEY}`, { publicKey: KEY }), 'key-mismatch');
    expect(one.facts).toEqual({ name: NAME, published: keyEnd(OTHER_KEY), configured: keyEnd(KEY) });
    expect(one.records).toEqual([{ type: 'TXT', name: NAME, token: 's1', publicKey: KEY }]);
  });
});

describe('key-changed', () => {
  const changed = (change: Scene = {}): Scene => own(`p=${KEY}`, { history: remembered(OTHER_KEY), ...change });
  const since = (hours: number) => ({ ...(remembered(OTHER_KEY) as object), keyChangedAt: hoursAgo(hours) });
  test.each<Case>([
    ['not the remembered one', changed(), 'broken key-changed/warning'],
    [
      'SES agreed before the change, not after',
      changed({ ses: { lastSuccessAt: hoursAgo(3) }, history: since(2) }),
      'broken key-changed/warning',
    ],
    [
      'SES agreed once, and doubts now',
      changed({ ses: { status: 'TEMPORARY_FAILURE', lastSuccessAt: hoursAgo(1) }, history: since(2) }),
      'broken key-changed/warning',
    ],
    [
      'it explains why SES is late',
      changed({ ses: { status: 'PENDING' }, history: { ...since(80), pendingSince: hoursAgo(80) } }),
      'broken key-changed/warning',
    ],
    ['SES has not been asked since', changed({ ses: { readAt: hoursAgo(2.5) }, history: since(2) }), 'broken key-changed/warning'],
    ['SES says so for two days, by stamps that stand still', changed({ history: since(48) }), 'broken key-changed/warning'],
    [
      'SES says so for three days, by an old reading',
      changed({ ses: { readAt: hoursAgo(30) }, history: since(80) }),
      'broken key-changed/warning',
    ],
    [
      'SES accepted the key before this one',
      changed({ ses: { lastSuccessAt: hoursAgo(1) }, history: { ...since(2), keyChangedTo: 'another' } }),
      'broken key-changed/warning',
    ],
    // Must not fire:
    ['SES looked after the change', changed({ ses: { lastCheckedAt: hoursAgo(1) }, history: since(2) }), 'healthy'],
    [
      'SES says so for three days, though its stamps stand still',
      changed({ ses: { lastSuccessAt: hoursAgo(900) }, history: since(73) }),
      'healthy',
    ],
    ['SES agreed after the change', changed({ ses: { lastSuccessAt: hoursAgo(1) }, history: since(2) }), 'healthy'],
    ['the former key is back', own(`p=${OTHER_KEY}`, { history: since(2) }), 'healthy'],
    [
      'the same key, written otherwise',
      own(`k=rsa; n=x; p=${OTHER_KEY.slice(0, 9)} ${OTHER_KEY.slice(9)};`, { history: remembered(OTHER_KEY) }),
      'healthy',
    ],
    ['the configured key counts, whatever was there', changed({ publicKey: KEY }), 'healthy'],
    ['nothing is remembered', own(`p=${KEY}`), 'healthy'],
    ['first sight', own(`p=${KEY}`, { history: 'first-sight' }), 'healthy'],
    [
      'what is remembered was no key',
      own(`p=${KEY}`, { history: { lastRecords: [{ name: NAME, type: 'TXT', value: 'hello' }] } }),
      'healthy',
    ],
    [
      'one server still has the former key: no change, but two keys',
      changed({ answer: (a) => answer(txt(a.record.name, `p=${a.server === 0 ? KEY : OTHER_KEY}`)) }),
      'broken nameservers-disagree/warning',
    ],
    ['not confirmed', changed({ rounds: 1 }), 'healthy'],
    ['a quick look', changed({ rounds: 1, dns: { level: 'quick', confirmed: true } }), 'healthy'],
    [
      'Easy DKIM: SES changes its keys by itself',
      {
        history: {
          lastRecords: TOKENS.map((t) => ({ name: dnsName(`${t}._domainkey.example.com`), type: 'CNAME', value: 'old.example' })),
        },
      },
      'healthy',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('shows the ends of both keys, since when, and offers the former', () => {
    const one = alone(changed({ history: since(2) }), 'key-changed');
    expect(one.facts).toEqual({ name: NAME, before: keyEnd(OTHER_KEY), now: keyEnd(KEY), since: hoursAgo(2) });
    expect(one.records).toEqual([{ type: 'TXT', name: NAME, token: 's1', publicKey: OTHER_KEY }]);
    expect(alone(changed(), 'key-changed').facts.since).toBe(NOW);
    expect(among(changed({ ses: { signing: false } }), 'key-changed').severity).toBe('warning');
  });
});
