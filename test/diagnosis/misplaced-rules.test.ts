import type { RecordEvidence } from '../../lambda/model/evidence.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import { dnsName } from '../../lambda/model/names.ts';
import {
  answer,
  atFirst,
  cname,
  hoursAgo,
  KEY,
  NODATA,
  NOW,
  NXDOMAIN,
  OTHER_KEY,
  only,
  type Scene,
  SERVFAIL,
  SILENT,
  TOKENS,
  txt,
} from './build.ts';
import { alone, among, type Case, followed, outcomeOf } from './say.ts';

const [A = '', B = ''] = TOKENS;
const FIRST = dnsName(`${A}._domainkey.example.com`);
const RANDOM = 'random123._domainkey.example.com';
const OWN = 's1._domainkey.example.com';

describe('wildcard-answer', () => {
  const parked = (index: number | 'all' = 0) => only(index, (r) => answer(cname(r.name, 'parking.example')));
  const wild: Scene['beside'] = () => [atFirst(RANDOM, 'TXT', answer(cname(RANDOM, 'parking.example')))];
  const spf = only('all', (r) => answer(txt(r.name, 'v=spf1 -all')), { type: 'TXT' });
  const wildSpf: Scene['beside'] = () => [atFirst(RANDOM, 'TXT', answer(txt(RANDOM, 'v=spf1 -all')))];

  test.each<Case>([
    ['a CNAME that any name gets', { answer: parked(), beside: wild }, 'broken wildcard-answer/critical'],
    ['all three', { answer: parked('all'), beside: wild }, 'broken wildcard-answer/critical'],
    [
      'a TXT that any name gets, in place of a CNAME',
      { answer: (a) => spf(a) ?? NODATA, beside: wildSpf },
      'broken wildcard-answer/critical',
    ],
    ['a TXT that any name gets, in place of a key', { method: 'byodkim', answer: spf, beside: wildSpf }, 'broken wildcard-answer/critical'],
    [
      'a CNAME that any name gets, in place of a key',
      { method: 'byodkim', answer: parked('all'), beside: wild, resolvers: followed('parking.example') },
      'broken wildcard-answer/critical',
    ],
    ['while SES doubts', { ses: { status: 'TEMPORARY_FAILURE' }, answer: parked(), beside: wild }, 'broken wildcard-answer/critical'],
    ['while pending', { ses: { status: 'PENDING' }, answer: parked(), beside: wild }, 'broken wildcard-answer/warning'],
    [
      'one hidden by a wildcard, one plainly gone',
      { answer: (a) => parked()(a) ?? only(1, NXDOMAIN)(a), beside: wild },
      'broken record-missing/critical wildcard-answer/critical',
    ],
    // Must not fire:
    [
      'a CNAME of its own, and a wildcard to somewhere else',
      {
        answer: parked(),
        beside: () => [atFirst(RANDOM, 'TXT', answer(cname(RANDOM, 'web.example')))],
        resolvers: followed('parking.example'),
      },
      'broken record-wrong-target/critical',
    ],
    [
      'nobody could be asked about the name beside it',
      { answer: parked(), resolvers: followed('parking.example') },
      'broken record-wrong-target/critical',
    ],
    ['the right record, and a wildcard beside it', { beside: wild }, 'healthy'],
    [
      'a wildcard that gives a good key: nothing is missing',
      { method: 'byodkim', beside: () => [atFirst(RANDOM, 'TXT', answer(txt(RANDOM, `v=DKIM1; k=rsa; p=${KEY}`)))] },
      'healthy',
    ],
    ['only one round', { rounds: 1, answer: parked(), beside: wild }, 'unknown(unconfirmed)'],
    ['only one of two servers speaks', { answer: (a) => (a.server === 1 ? SILENT : parked()(a)), beside: wild }, 'unknown(unconfirmed)'],
    ['the servers fail', { answer: only(0, SERVFAIL), beside: wild }, 'unknown(dns-unanswered)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('says how many, what the wildcard gives, since when, and the clocks', () => {
    const history = { lastHealthyAt: hoursAgo(2), absentSince: hoursAgo(1) };
    const lastRecords = [{ name: dnsName(FIRST), type: 'CNAME' as const, value: `${TOKENS[0]}.dkim.amazonses.com` }];
    const known = { ...history, absentRecords: [dnsName(FIRST)], lastRecords };
    const one = alone({ answer: parked(), beside: wild, history: known }, 'wildcard-answer');
    // Of a name that was never seen nothing is said to have been.
    const { facts } = alone({ answer: parked(), beside: wild, history }, 'wildcard-answer');
    expect([facts.since, facts.lastHealthyAt]).toEqual([NOW, undefined]);
    expect(one.facts).toEqual({ missing: 1, expected: 3, answer: 'CNAME parking.example', since: hoursAgo(1), lastHealthyAt: hoursAgo(2) });
    expect(one.records.map(({ name }) => name)).toEqual([FIRST]);
    expect(one.deadlines.map(({ name }) => name)).toEqual(['sending-lost', 'signing-lost']);
  });

  test('what it gives is cut; the key seen last is offered again', () => {
    const long = 'x'.repeat(5000);
    const scene: Scene = {
      method: 'byodkim',
      answer: only('all', (r) => answer(txt(r.name, long)), { type: 'TXT' }),
      beside: () => [atFirst(RANDOM, 'TXT', answer(txt(RANDOM, long)))],
      history: { lastRecords: [{ name: dnsName(OWN), type: 'TXT', value: `p=${KEY}` }] },
    };
    const one = alone(scene, 'wildcard-answer');
    expect(one.facts.answer.length).toBeLessThanOrEqual(300);
    expect(one.records).toEqual([{ type: 'TXT', name: OWN, token: 's1', publicKey: KEY }]);
  });
});

describe('record-misplaced', () => {
  /** The record stands at `place`, and nothing at its own name. */
  const at = (place: (token: string) => string, change: Partial<RecordEvidence> = {}): NonNullable<Scene['about']> => {
    return (record) => ({ misplaced: [atFirst(place(record.token), 'TXT', rightAt(place(record.token), record))], ...change });
  };
  const rightAt = (name: string, record: ExpectedRecord) =>
    record.type === 'CNAME' ? answer(cname(name, record.target)) : answer(txt(name, `p=${KEY}`));
  const lost = only(0, NXDOMAIN);
  const dropped = (token: string): string => `${token}.domainkey.example.com`;
  const sub: Scene['identity'] = { identity: 'news.example.com', domain: dnsName('news.example.com') };
  const underParent = (token: string): string => `${token}._domainkey.example.com`;
  const ownUnderParent: Scene = {
    method: 'byodkim',
    identity: { ...sub, tokens: ['s1'] },
    answer: only('all', NXDOMAIN),
    about: at(underParent),
  };
  const known = (key: string): NonNullable<Scene['history']> => ({
    lastRecords: [{ name: dnsName('s1._domainkey.news.example.com'), type: 'TXT', value: `p=${key}` }],
  });

  test.each<readonly [string, string, Scene, string]>([
    ['the underscore dropped', 'no-underscore', { about: at(dropped) }, dropped(A)],
    ['without the label', 'without-domainkey', { about: at((t) => `${t}.example.com`) }, `${A}.example.com`],
    ['labels swapped', 'labels-swapped', { about: at((t) => `_domainkey.${t}.example.com`) }, `_domainkey.${A}.example.com`],
    ['under the parent', 'under-parent', { identity: sub, about: at(underParent) }, underParent(A)],
    ['under a child', 'under-child', { about: at((t) => `${t}._domainkey.www.example.com`) }, `${A}._domainkey.www.example.com`],
    [
      'under the MAIL FROM domain',
      'under-child',
      {
        ses: { mailFrom: { domain: dnsName('bounce.example.com'), status: 'SUCCESS', rejects: false } },
        about: at((t) => `${t}._domainkey.bounce.example.com`),
      },
      `${A}._domainkey.bounce.example.com`,
    ],
  ])('%s', (_, how, scene, foundAt) => {
    const one = alone({ answer: lost, ...scene }, 'record-misplaced');
    expect(one.facts.found.map((each) => ({ how: each.how, foundAt: each.foundAt }))).toEqual([{ how, foundAt }]);
    expect(one.severity).toBe('critical');
    expect(one.evidence[0]?.question.name).toBe(foundAt);
  });

  test.each<Case>([
    ['all three', { answer: only('all', NXDOMAIN), about: at(dropped) }, 'broken record-misplaced/critical'],
    ['while pending', { ses: { status: 'PENDING' }, answer: lost, about: at(dropped) }, 'broken record-misplaced/warning'],
    ['NODATA at its name', { answer: only(0, NODATA), about: at(dropped) }, 'broken record-misplaced/critical'],
    ['a key of one’s own', { method: 'byodkim', answer: only('all', NXDOMAIN), about: at(dropped) }, 'broken record-misplaced/critical'],
    ['the configured key under the parent', { ...ownUnderParent, publicKey: KEY }, 'broken record-misplaced/critical'],
    ['the remembered key under the parent', { ...ownUnderParent, history: known(KEY) }, 'broken record-misplaced/critical'],
    [
      'one misplaced, one plainly gone',
      { answer: (a) => lost(a) ?? only(1, NXDOMAIN)(a), about: (r) => (r.token === A ? at(dropped)(r) : {}) },
      'broken record-missing/critical record-misplaced/critical',
    ],
    // Must not fire:
    ['there at both names', { about: at(dropped) }, 'healthy'],
    [
      'doubled as well: that is told',
      {
        answer: lost,
        about: at(dropped),
        doubled: (r) => [atFirst(`${r.name}.example.com`, 'TXT', rightAt(`${r.name}.example.com`, r))],
      },
      'broken record-name-doubled/critical',
    ],
    [
      'another value at the wrong name',
      { answer: lost, about: () => ({ misplaced: [atFirst(dropped(A), 'TXT', answer(cname(dropped(A), 'parking.example')))] }) },
      'broken record-missing/critical',
    ],
    [
      'the record of another token at the wrong name',
      { answer: lost, about: () => ({ misplaced: [atFirst(dropped(A), 'TXT', answer(cname(dropped(A), `${B}.dkim.amazonses.com`)))] }) },
      'broken record-missing/critical',
    ],
    [
      'a wildcard gives the same beside it',
      {
        method: 'byodkim',
        answer: only('all', NXDOMAIN),
        about: at((t) => `${t}.example.com`, {
          besideMisplaced: [atFirst('rnd.example.com', 'TXT', answer(txt('rnd.example.com', `p=${KEY}`)))],
        }),
      },
      'broken record-missing/critical',
    ],
    ['a key under the parent that may be the parent’s', ownUnderParent, 'broken record-missing/critical'],
    ['a key under the parent, not the configured one', { ...ownUnderParent, publicKey: OTHER_KEY }, 'broken record-missing/critical'],
    ['a key under the parent, not the remembered one', { ...ownUnderParent, history: known(OTHER_KEY) }, 'broken record-missing/critical'],
    [
      'the servers there fail',
      { answer: lost, about: () => ({ misplaced: [atFirst(dropped(A), 'TXT', SERVFAIL)] }) },
      'broken record-missing/critical',
    ],
    ['absence not confirmed', { rounds: 1, answer: lost, about: at(dropped) }, 'unknown(unconfirmed)'],
    ['silence at its name', { answer: only('all', SILENT), about: at(dropped) }, 'unknown(dns-unanswered)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('both names are in the facts, and the right record is what is to be published', () => {
    const one = among({ answer: lost, about: at(dropped) }, 'record-misplaced');
    expect(one.facts.found).toEqual([{ name: FIRST, foundAt: dropped(A), how: 'no-underscore' }]);
    expect(one.records).toEqual([{ type: 'CNAME', name: FIRST, token: A, target: `${A}.dkim.amazonses.com` }]);
    expect(one.zone).toBe('example.com');
  });
});
