// Every situation as its readers see it: a mail and a chat text in golden/, named life-*. After a wanted change of words: npm run golden
import { readdirSync } from 'node:fs';
import { MAX_BYTES, payloadBytes } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Message } from '../../lambda/model/message.ts';
import { expectSound } from './build.ts';
import { FOLDER, golden } from './golden-file.ts';
import { SITUATIONS } from './situations.ts';

/** The chat body in lines: what is shown, and below it what places it. */
function chatText({ chat }: Message): string {
  const { content, metadata } = JSON.parse(chat);
  return [
    content.title,
    '',
    content.description,
    ...(content.nextSteps.length > 0 ? ['', 'Next steps:', ...content.nextSteps.map((step: string) => `- ${step}`)] : []),
    '',
    `Keywords: ${content.keywords.join(', ')}`,
    `Thread: ${metadata.threadId} (${metadata.eventType})`,
    '',
  ].join('\n');
}

describe.each(Object.entries(SITUATIONS))('%s', (name, { telling, now }) => {
  const message = renderTelling(telling, now);

  test('its mail', () => golden(`life-${name}-mail`, `Subject: ${message.subject}\n\n${message.email}`));
  test('its chat text', () => golden(`life-${name}-chat`, chatText(message)));
  test('is sound, and fits', () => {
    expectSound(message);
    expect(payloadBytes(message)).toBeLessThanOrEqual(MAX_BYTES);
  });
});

test('all messages about the same alert stand in one thread', () => {
  const threads = Object.values(SITUATIONS).flatMap(({ telling, now }) =>
    telling.kind === 'alert' && telling.alert.affected.length === 1 ? [JSON.parse(renderTelling(telling, now).chat).metadata.threadId] : [],
  );
  expect(threads.length).toBeGreaterThan(5);
  expect(new Set(threads).size).toBe(1);
});

test('there is no file of a situation that is gone', () => {
  const expected = Object.keys(SITUATIONS).flatMap((name) => [`life-${name}-chat.txt`, `life-${name}-mail.txt`]);
  expect(
    readdirSync(FOLDER)
      .filter((name) => name.startsWith('life-'))
      .sort(),
  ).toEqual(expected.sort());
});
