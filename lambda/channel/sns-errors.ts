// The words for what SNS refuses.
import { visible } from '../model/safe-text.ts';

/** One sentence on why a call to SNS failed, naming the permission if that is missing. */
export function snsSentence(error: unknown, action: string): string {
  const e = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const name = text(e.name) === 'Error' || text(e.name) === '' ? text(e.code) || 'Error' : text(e.name);
  switch (name) {
    case 'AuthorizationError':
    case 'AuthorizationErrorException':
    case 'AccessDenied':
    case 'AccessDeniedException':
      return `Access denied: ${action} on the topic is needed, in the role's policy and not refused by the topic's.`;
    case 'NotFound':
    case 'NotFoundException':
      return 'The topic does not exist in this account and region.';
    case 'AbortError':
    case 'TimeoutError':
      return 'SNS did not answer in time.';
    default: {
      if (name.startsWith('KMS')) return `The topic's key cannot be used (${visible(name, 60)}): allow it in the key's policy.`;
      // Refusals of the credentials may quote what was signed: their text stays inside.
      const signed = /token|signature|credential/i.test(name);
      const message = text(e.message);
      return `SNS said ${visible(name, 80)}${message === '' || signed ? '' : `: ${visible(message, 200)}`}`;
    }
  }
}
