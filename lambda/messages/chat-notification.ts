// The chat body: the custom-notification schema of Amazon Q Developer in chat applications, which shows nothing else and drops plain text silently.
import type { Alert, MessageEvent, NearClock } from '../model/alert.ts';
import { cutAt } from '../model/safe-text.ts';
import { plainChat } from './chat-text.ts';

/** Limits are unpublished; these are known to be shown. */
const TITLE = 250;
const DESCRIPTION = 8000;

/** The schema as documented (Amazon Q Developer in chat applications, "Custom notifications"). */
export interface ChatNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

export interface ChatIds {
  /** Of {@link threadOf}. */
  readonly thread: string;
  readonly messageId: string;
  readonly subject: string;
  /** ISO 8601 UTC. */
  readonly now: string;
  /** Of an escalation: the deadline that is near, or has passed. */
  readonly clock?: NearClock;
}

export interface Parts {
  readonly description: string;
  readonly nextSteps: readonly string[];
  readonly keywords: readonly string[];
  readonly eventType: MessageEvent;
  readonly alerts: readonly Alert[];
}

/** The body of any message. Its description is cut where it is too long. */
export function notification(ids: ChatIds, parts: Parts): string {
  const [first] = parts.alerts;
  const title = plainChat(ids.subject.replace(/^\[([^\]]*)\] /, '$1: '), TITLE);
  const body: ChatNotification = {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: closeBlock(cutAt(parts.description, DESCRIPTION - 4)),
      nextSteps: parts.nextSteps,
      keywords: parts.keywords,
    },
    metadata: {
      threadId: ids.thread,
      summary: title,
      eventType: parts.eventType,
      relatedResources: parts.alerts.flatMap((a) => a.affected.slice(0, 20).map(({ subject }) => arnOf(subject))).slice(0, 20),
      additionalContext: {
        messageId: ids.messageId,
        at: ids.now,
        ...(first
          ? {
              account: plainChat(first.target.account, 60),
              region: plainChat(first.target.region, 60),
              severity: first.severity,
              kind: first.kinds[0] ?? 'none',
            }
          : {}),
      },
    },
  };
  return JSON.stringify(body);
}

// A description cut inside a block would turn the rest of the message into code.
function closeBlock(text: string): string {
  return text.split('```').length % 2 === 0 ? `${text}\n\`\`\`` : text;
}

function arnOf({ account, region, identity }: { readonly account: string; readonly region: string; readonly identity: string }): string {
  const partition = region.startsWith('us-gov-') ? 'aws-us-gov' : region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
  return plainChat(`arn:${partition}:ses:${region}:${account}:identity/${identity}`, 400);
}
