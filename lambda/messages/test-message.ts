// The message that `dkim-monitor test-alert` sends: marked as a test in every body, with the attributes of a real one.

import { COMMAND } from '../model/command.ts';
import type { Severity } from '../model/finding.ts';
import type { Message } from '../model/message.ts';
import type { ChatNotification } from './chat-notification.ts';
import { code, plainChat } from './chat-text.ts';
import { wrap } from './layout.ts';
import { WIDTH } from './mail-parts.ts';
import { utc } from './times.ts';

export interface TestMessage {
  readonly topicArn: string;
  readonly account: string;
  readonly region: string;
  /** What filter policies are to see. */
  readonly severity: Severity;
  /** Unique to this test. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly now: string;
}

/** `event` is `test` and `kind` is `none`; `severity` is that of the alerts whose way is tested. */
export function testMessage({ topicArn, account, region, severity, id, now }: TestMessage): Message {
  const messageId = `test-${id}`;
  const subject = '[TEST] DKIM monitor: this is a test, nothing is wrong';
  const facts = { messageId, alertId: messageId, event: 'test', severity, kinds: [], account, region } as const;
  return {
    ...facts,
    subject,
    email: [
      ...wrap('This is a test. Nothing is wrong, and nothing needs doing.', WIDTH),
      '',
      ...wrap(
        `Somebody ran "${COMMAND} test-alert" at ${utc(now)}. That you read this shows that alerts of severity "${severity}" about your Amazon SES domains reach you here.`,
        WIDTH,
      ),
      '',
      ...wrap(`Topic    ${topicArn}`, 900, '  '),
      ...wrap(`Message  ${messageId}`, 900, '  '),
      '',
    ].join('\n'),
    chat: JSON.stringify(chatBody(facts, topicArn, now)),
    json: JSON.stringify({
      schema: 1,
      test: true,
      alertId: messageId,
      messageId,
      event: 'test',
      at: now,
      severity,
      kinds: [],
      targets: [],
      identities: [],
      findings: [],
    }),
  };
}

function chatBody(
  { messageId, severity, account, region }: Pick<Message, 'messageId' | 'severity' | 'account' | 'region'>,
  topicArn: string,
  now: string,
): ChatNotification {
  const title = 'TEST: DKIM monitor, nothing is wrong';
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: `This is a test. Nothing is wrong, and nothing needs doing. That you read this shows that alerts of severity ${severity} reach this channel, by ${code(topicArn)}.`,
      nextSteps: [],
      keywords: ['test'],
    },
    metadata: {
      threadId: messageId,
      summary: title,
      eventType: 'test',
      relatedResources: [],
      additionalContext: { messageId, at: now, account: plainChat(account, 60), region: plainChat(region, 60), severity, kind: 'none' },
    },
  };
}
