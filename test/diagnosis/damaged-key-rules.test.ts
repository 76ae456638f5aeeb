import { dnsName } from '../../lambda/model/names.ts';
import { answer, atFirst, KEY, only, type Scene, txt } from './build.ts';
import { alone, outcomeOf } from './say.ts';

describe('key-malformed and key-revoked', () => {
  const key = (...values: readonly string[]) => only('all', (r) => answer(...values.map((value) => txt(r.name, value))), { type: 'TXT' });
  test.each<[string, Scene, string]>([
    ['a cut key', { method: 'byodkim', answer: key(`p=${KEY.slice(0, 252)}`) }, 'broken key-malformed/critical'],
    ['no key record at all', { method: 'byodkim', answer: key('hello world') }, 'broken key-malformed/critical'],
    ['revoked', { method: 'byodkim', answer: key('v=DKIM1; p=') }, 'broken key-revoked/critical'],
    [
      'revoked, while SES is still pending',
      { method: 'byodkim', ses: { status: 'PENDING' }, answer: key('p=') },
      'broken key-revoked/critical',
    ],
    // Must not fire:
    [
      'a good key in two strings',
      {
        method: 'byodkim',
        answer: only('all', (r) => answer(txt(r.name, `v=DKIM1; p=${KEY.slice(0, 200)}`, KEY.slice(200))), { type: 'TXT' }),
      },
      'healthy',
    ],
    ['without v=', { method: 'byodkim', answer: key(`p=${KEY}`) }, 'healthy'],
    ['only one round', { method: 'byodkim', rounds: 1, answer: key('p=') }, 'unknown(unconfirmed)'],
    [
      'an Ed25519 key',
      { method: 'byodkim', answer: key('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=') },
      'broken key-wrong-type/critical',
    ],
    ['two records', { method: 'byodkim', answer: key(`p=${KEY}`, `p=${KEY.slice(0, 20)}`) }, 'broken record-ambiguous/warning'],
    [
      'another key than configured',
      { method: 'byodkim', publicKey: `${KEY.slice(0, -20)}AAAA${KEY.slice(-16)}`, answer: key(`p=${KEY}`) },
      'broken key-mismatch/critical',
    ],
    ['for tests only', { method: 'byodkim', answer: key(`t=y; p=${KEY}`) }, 'broken key-testing/warning'],
    [
      'the same bad TXT for any name is a wildcard, not a key',
      {
        method: 'byodkim',
        answer: key('v=spf1 -all'),
        beside: () => [atFirst('rnd._domainkey.example.com', 'TXT', answer(txt('rnd._domainkey.example.com', 'v=spf1 -all')))],
      },
      'broken wildcard-answer/critical',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says the reason', () => {
    const one = alone({ method: 'byodkim', answer: key(`p=${KEY.slice(0, 253)}`) }, 'key-malformed');
    expect(one.facts.reason).toBe('truncated');
    expect(one.facts.detail).toContain('255');
  });

  const name = dnsName('s1._domainkey.example.com');
  const remembered = { lastRecords: [{ name, type: 'TXT', value: `v=DKIM1; p=${KEY}` }] } as const;
  const recordOf = (scene: Scene, kind: 'key-malformed' | 'key-revoked'): unknown =>
    alone({ method: 'byodkim', ...scene }, kind).records[0];

  test('the key that was there while all was well is shown again, but not one that was taken out', () => {
    const bare = { type: 'TXT', name, token: 's1' };
    expect(recordOf({ answer: key('hello'), history: remembered }, 'key-malformed')).toEqual({ ...bare, publicKey: KEY });
    expect(recordOf({ answer: key('hello') }, 'key-malformed')).toEqual(bare);
    expect(recordOf({ answer: key('hello'), history: 'first-sight' }, 'key-malformed')).toEqual(bare);
    expect(recordOf({ answer: key('p='), history: remembered }, 'key-revoked')).toEqual(bare);
    const damaged = { lastRecords: [{ name, type: 'TXT', value: `p=${KEY.slice(0, 80)}` }] } as const;
    expect(recordOf({ answer: key('hello'), history: damaged }, 'key-malformed')).toEqual(bare);
  });

  test('a key whose private half was published is not shown again', () => {
    const published = key('v=DKIM1; p=-----BEGIN PRIVATE KEY-----MIIE');
    const one = alone({ method: 'byodkim', answer: published, history: remembered }, 'key-malformed');
    expect(one.facts).toMatchObject({ reason: 'not-a-public-key', leaked: true });
    expect(one.records).toEqual([{ type: 'TXT', name, token: 's1' }]);
  });
});
