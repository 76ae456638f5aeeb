// The channels of a run without a topic.
import { nullChannel } from '../../lambda/channel/null-channel.ts';
import { printChannel } from '../../lambda/channel/print-channel.ts';
import type { Message } from '../../lambda/model/alert.ts';

const message = { messageId: 'm-1', subject: 'A record is missing', email: 'Put it back.' } as Message;

test('nobody is told, and it is said that nobody was', async () => {
  expect(await nullChannel().publish(message)).toMatchObject({ kind: 'failed' });
  expect(await nullChannel().audience()).toEqual({ kind: 'known', confirmed: 0, pending: 0, nobodyWanted: true });
});

test('the mail is printed, and its reader counts', async () => {
  const printed: string[] = [];
  const channel = printChannel((text) => printed.push(text));
  expect(await channel.publish(message)).toEqual({ kind: 'sent', channelId: 'm-1' });
  expect(printed.join('')).toBe('Subject: A record is missing\n\nPut it back.\n');
  expect(await channel.audience()).toMatchObject({ confirmed: 1 });
});
