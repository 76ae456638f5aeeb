// The channel of a run without a topic.
import { nullChannel } from '../../lambda/channel/null-channel.ts';
import type { Message } from '../../lambda/model/message.ts';

const message = { messageId: 'm-1', subject: 'A record is missing', email: 'Put it back.' } as Message;

test('nobody is told, and it is said that nobody was', async () => {
  expect(await nullChannel().publish(message)).toMatchObject({ kind: 'failed' });
  expect(await nullChannel().audience()).toEqual({ kind: 'known', confirmed: 0, pending: 0, nobodyWanted: true });
});
