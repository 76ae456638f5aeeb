// The words for what SNS and EventBridge refuse.
import { visible } from '../model/safe-text.ts';

/** One sentence on why a call to SNS failed, naming the permission if that is missing. */
export function snsSentence(error: unknown, action: string): string {
  return awsSentence(error, action, { service: 'SNS', thing: 'topic' });
}

/** The same for any service and the thing that messages are given to. */
export function awsSentence(
  error: unknown,
  action: string,
  { service, thing }: { readonly service: string; readonly thing: string },
): string {
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
      return `Access denied: ${action} on the ${thing} is needed, in the role's policy and not refused by the ${thing}'s.`;
    case 'NotFound':
    case 'NotFoundException':
    case 'ResourceNotFoundException':
      return `The ${thing} does not exist in this account and region.`;
    case 'AbortError':
    case 'TimeoutError':
      return `${service} did not answer in time.`;
    default: {
      if (name.startsWith('KMS')) return `The ${thing}'s key cannot be used (${visible(name, 60)}): allow it in the key's policy.`;
      // Refusals of the credentials may quote what was signed: their text stays inside.
      const signed = /token|signature|credential/i.test(name);
      const message = text(e.message);
      return `${service} said ${visible(name, 80)}${message === '' || signed ? '' : `: ${visible(message, 200)}`}`;
    }
  }
}
