// Builders for message tests: stand-in words that show what they are given, an alert to change one thing of, and checks that hold for every body.
import type { Words } from '../../lambda/messages/worded.ts';
import type { Alert, Subject } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { Message } from '../../lambda/model/message.ts';
import type { ReportFinding } from '../../lambda/model/report.ts';
import { ACCOUNT, at, finding, HOUR, START, target } from '../alerts/build.ts';

export const NOW = at(3 * 60_000);

/** Everything that must not be in any body, a line break excepted: controls, bidirectional and zero-width characters, lone surrogates. */
export const DANGEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function subject(identity = 'example.com', more: Partial<Subject> = {}): Subject {
  return {
    account: ACCOUNT,
    region: 'us-east-1',
    identity,
    type: 'domain',
    method: 'easy',
    status: 'SUCCESS',
    signing: true,
    readAt: at(-HOUR),
    ...more,
  };
}

export function alert(more: Partial<Alert> = {}): Alert {
  return {
    key: `${ACCOUNT}/us-east-1/example.com`,
    id: 'a1b2c3d4e5f60718293a',
    target: target(),
    openedAt: START,
    severity: 'critical',
    kinds: ['record-missing'],
    affected: [{ subject: subject(), findings: [finding('record-missing', 'critical', ['abc'])] }],
    lastSeenAt: START,
    ...more,
  };
}

/** Words that repeat one text everywhere a text can stand: hostile if the text is. */
export function wordsOf(text: string, times = 1): Words {
  return (given: Finding): ReportFinding => ({
    kind: given.kind,
    severity: given.severity,
    facts: { text, deep: [{ text }], [text]: text },
    title: text,
    meaning: text,
    next: text,
    fix: Array(3).fill(text),
    records: Array(times).fill({ name: text, type: 'CNAME', value: text }),
    evidence: Array(times).fill({ server: text, question: text, outcome: text, answers: [text, text], at: START }),
    deadlines: [{ name: 'signing-lost', at: START, estimated: true }],
    paste: {
      table: Array(times).fill({ relative: text, name: text, type: 'CNAME', value: text }),
      bind: Array(times).fill(text),
      route53ChangeBatch: text,
      terraform: text,
      cli: [text],
    },
  });
}

/** What every message must be, whatever it says. */
export function expectSound(message: Message): void {
  expect(message.subject).toMatch(/^[\u0020-\u007e]{1,99}$/);
  for (const body of [message.email, message.chat, message.json]) expect(DANGEROUS.exec(body)).toBeNull();
  expect(JSON.parse(message.json)).toMatchObject({
    schema: 1,
    alertId: message.alertId,
    messageId: message.messageId,
    event: message.event,
  });
  expect(Object.keys(JSON.parse(message.chat))).toEqual(['version', 'source', 'content', 'metadata']);
  for (const line of message.email.split('\n')) expect(line.length).toBeLessThanOrEqual(998);
}
