// The subscriptions of a topic as `dkim-monitor test-alert` shows them: who gets the test, and why the others do not.
import { visible } from '../model/safe-text.ts';
import type { Delivery, Subscription } from '../model/subscription.ts';
import { plural, wrap } from './layout.ts';

/** One line or two for each, ending with a line break. */
export function subscriptionsPage(subscriptions: readonly Subscription[], cut: boolean, width: number): string {
  if (subscriptions.length === 0) return `The topic has no subscription: nobody gets anything.\n`;
  const getting = subscriptions.filter(({ delivery }) => delivery.kind === 'gets-it').length;
  const lines = [
    ...wrap(
      `${plural(subscriptions.length, 'subscription')}${cut ? ', and more that were not listed' : ''}; ${getting.toLocaleString('en-US')} of them get${getting === 1 ? 's' : ''} this test:`,
      width,
    ),
    ...subscriptions.flatMap(({ protocol, endpoint, delivery }) =>
      wrap(`${protocol} ${maskedEndpoint(protocol, endpoint)}: ${deliveryText(delivery)}`, width, '      ', '  '),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Enough of it to know which one is meant: an address keeps its ends and its domain, a web hook its host, a number its last digits; an ARN is no secret. */
export function maskedEndpoint(protocol: string, endpoint: string): string {
  if (endpoint.startsWith('arn:')) return visible(endpoint, 300);
  if (protocol.startsWith('http')) {
    const host = URL.canParse(endpoint) ? new URL(endpoint).host : '';
    return host === '' ? '…' : `${visible(protocol, 20)}://${visible(host, 255)}/…`;
  }
  const at = endpoint.lastIndexOf('@');
  if (at < 0) return `…${visible(endpoint.slice(-2))}`;
  const name = endpoint.slice(0, at);
  const shown = name.length < 3 ? `${name.slice(0, 1)}…` : `${name.slice(0, 1)}…${name.slice(-1)}`;
  return `${visible(shown)}@${visible(endpoint.slice(at + 1), 255)}`;
}

/** These differ between a test and an alert, so that they say nothing about alerts. */
const ONLY_OF_TESTS: readonly string[] = ['event', 'kind', 'alertId', 'messageId', 'domain', 'identities'];

function deliveryText(delivery: Delivery): string {
  switch (delivery.kind) {
    case 'gets-it':
      return 'confirmed, gets it';
    case 'pending':
      return 'pending: gets nothing until somebody follows the link in the mail that AWS sent (or confirms the end point)';
    case 'deleted':
      return 'ended: gets nothing';
    case 'filtered-out':
      return `confirmed, but its filter policy leaves this message out, by ${visible(delivery.by, 100)}${
        ONLY_OF_TESTS.includes(delivery.by) ? '; a real alert has another one, and may pass' : ''
      }`;
    case 'has-filter':
      return delivery.why === 'on-body'
        ? 'confirmed, has a filter policy on the body (FilterPolicyScope MessageBody), which this command does not judge'
        : 'confirmed, has a filter policy that this command does not judge';
    case 'unread':
      return `confirmed; whether it has a filter policy is not known: ${visible(delivery.detail, 300)}`;
  }
}
