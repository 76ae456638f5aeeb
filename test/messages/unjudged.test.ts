// What people read about identities that cannot be judged: honest words, for every event of the alert's life.
import { MAX_BYTES, payloadBytes } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { AffectedIdentity, Alert } from '../../lambda/model/alert.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { target } from '../alerts/build.ts';
import { alert, expectSound, subject } from './build.ts';
import { blind, blindAlert, many, NOW, OPENED, one, REFUSED, SILENT, told } from './build-unjudged.ts';
import { golden } from './golden-file.ts';

const single = blindAlert([blind('example.com', { outcome: REFUSED })]);
const three = blindAlert([
  blind('example.com', { outcome: REFUSED }),
  blind('example.net', { outcome: SILENT, detail: 'No name server gave an answer that counts. ns1.example.net (192.0.2.1): time-out.' }),
  blind('example.org', { outcome: REFUSED }),
]);
const crowd = (region: string): Alert =>
  blindAlert(
    [...Array(12).keys()].map((i) =>
      blind(`customer-${i + 1}.example`, {
        reason: 'resolver-failed',
        detail: 'No resolver answered: 1.1.1.1 time-out, 8.8.8.8 time-out.',
        region,
      }),
    ),
    { id: `id-${region}` },
  );
const lost = alert({ openedAt: OPENED, lastSeenAt: OPENED, target: target('eu-west-1') });

const mails: Readonly<Record<string, Telling>> = {
  'cannot-be-judged': one(single),
  'several-cannot-be-judged': one(three, 'opened', { watched: 40, sharedNameServers: ['ns1.example.net', 'ns2.example.net'] }),
  'one-more-cannot-be-judged': one({ ...three, told }, 'changed', { watched: 40 }),
  'targets-cannot-be-judged': many([crowd('eu-west-1'), crowd('us-east-1'), crowd('sa-east-1')], 'opened', { watched: 37 }),
  'can-be-judged-again': one({ ...single, told, closing: { event: 'recovered', at: NOW } }, 'recovered'),
  'targets-can-be-judged-again': many(
    ['eu-west-1', 'us-east-1'].map((region) => ({ ...crowd(region), told, closing: { event: 'recovered', at: NOW } as const })),
    'recovered',
  ),
  'first-look-cannot-be-judged': many([lost, three], 'opened', {
    occasion: 'first-sweep',
    targets: [{ ...target('eu-west-1'), identities: 9, healthy: 5, broken: 1, unknown: 3, muted: 0, complete: true }],
  }),
};

test.each(Object.entries(mails))('the mail: %s', (name, telling) => {
  const message = renderTelling(telling, NOW);
  expectSound(message);
  golden(`mail-${name}`, `Subject: ${message.subject}\n\n${message.email}`);
});

test('the chat body', () => {
  const { chat } = renderTelling(mails['several-cannot-be-judged'] as Telling, NOW);
  golden('chat-several-cannot-be-judged', `${JSON.stringify(JSON.parse(chat), undefined, 2)}\n`);
});

describe('the subject', () => {
  const subjectOf = (telling: Telling): string => renderTelling(telling, NOW).subject;

  test.each([
    ['one domain', one(single), '[WARNING] DKIM of example.com cannot be judged (eu-west-1, 111111111111)'],
    ['several', one(three), '[WARNING] DKIM of 3 domains cannot be judged (eu-west-1, 111111111111)'],
    ['more', one({ ...three, told }, 'changed'), '[WARNING, CHANGED] DKIM of 3 domains cannot be judged (eu-west-1, 111111111111)'],
    ['a reminder', one({ ...three, told }, 'reminder'), '[WARNING, REMINDER] DKIM of 3 domains cannot be judged (eu-west-1, 111111111111)'],
    ['its end', one({ ...three, told }, 'recovered'), '[RECOVERED] DKIM can be judged again: 3 domains (eu-west-1, 111111111111)'],
    ['no longer watched', one({ ...three, told }, 'expired'), '[CLOSED] No longer watched: 3 domains (eu-west-1, 111111111111)'],
    ['two targets', many([crowd('eu-west-1'), crowd('us-east-1')]), '[WARNING] DKIM of 24 domains in 2 targets cannot be judged'],
  ])('%s', (_name, telling, expected) => {
    expect(subjectOf(telling)).toBe(expected);
  });

  test('counts addresses as identities', () => {
    const address: AffectedIdentity = { ...blind('example.com'), subject: subject('a@example.com', { type: 'address' }) };
    expect(subjectOf(one(blindAlert([address, blind('example.com')])))).toContain('DKIM of 2 identities cannot be judged');
  });

  test('is never about anything else, whatever the name', () => {
    const odd: AffectedIdentity = { ...blind('example.com'), subject: subject(`${'x'.repeat(300)}\u202e\n`) };
    expectSound(renderTelling(one(blindAlert([odd])), NOW));
  });
});

test('several are muted by their target, one by its name', () => {
  expect(renderTelling(one(three), NOW).email).toContain('{"identity":"111111111111/eu-west-1","kinds":["identity-unknown"]');
  expect(renderTelling(one(single), NOW).email).toContain('{"identity":"example.com","kinds":["identity-unknown"]');
});

test('fits, whoever they are and however many', () => {
  const nasty = '\u0000\u202e`<!channel> [x](http://evil.example)\n'.repeat(8);
  const hostile = (i: number): AffectedIdentity => ({
    ...blind(`d${i}.com`, { detail: nasty.repeat(20) }),
    subject: subject(`${i}${nasty}`),
  });
  const given = blindAlert([...Array(1000).keys()].map(hostile));
  for (const event of ['opened', 'changed', 'reminder', 'recovered', 'expired'] as const)
    for (const telling of [one({ ...given, told }, event, { watched: 1000 }), many(Array(12).fill(given), event, { watched: 9 })]) {
      const message = renderTelling(telling, NOW);
      expectSound(message);
      expect(payloadBytes(message)).toBeLessThanOrEqual(MAX_BYTES);
    }
});

test('programs get every identity and finding', () => {
  const body = JSON.parse(renderTelling(one(three), NOW).json);
  expect(body).toMatchObject({ severity: 'warning', kinds: ['identity-unknown'] });
  expect(body.identities.map((s: { identity: string }) => s.identity)).toEqual(['example.com', 'example.net', 'example.org']);
});
