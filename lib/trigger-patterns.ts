// Which events are listened to, as EventBridge patterns: the rules of the monitor and those that forward from elsewhere are made of them.
import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import type { Configuration } from '../lambda/configuration.ts';
import { ADVISOR_EVENTS, CLOUDTRAIL, HEALTH_CODES, ROUTE53_CALLS, SES_CALLS } from '../lambda/triggers/listened.ts';

export interface TriggerRule {
  /** Part of the rule's logical id. */
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
}

/** The rules for what is switched on. */
export function triggerRules(on: Pick<Configuration['triggers'], 'health' | 'advisor' | 'cloudTrail'>): readonly TriggerRule[] {
  return [...(on.health ? [HEALTH] : []), ...(on.advisor ? [ADVISOR] : []), ...(on.cloudTrail ? [SES, ROUTE53] : [])];
}

const HEALTH: TriggerRule = {
  id: 'Health',
  description: 'AWS Health: what became of the DKIM or MAIL FROM set-up of an identity.',
  pattern: {
    source: ['aws.health'],
    detailType: ['AWS Health Event'],
    detail: { service: ['SES'], eventTypeCode: HEALTH_CODES.flatMap((code) => Match.prefix(code)) },
  },
};

const ADVISOR: TriggerRule = {
  id: 'Advisor',
  description: 'The advisor of Virtual Deliverability Manager.',
  pattern: { source: ['aws.ses'], detailType: [...ADVISOR_EVENTS] },
};

const SES: TriggerRule = {
  id: 'SesCalls',
  description: 'Changes of SES identities, where a trail records them.',
  pattern: {
    source: ['aws.ses'],
    detailType: [CLOUDTRAIL],
    detail: { eventSource: ['ses.amazonaws.com'], eventName: Object.keys(SES_CALLS) },
  },
};

const ROUTE53: TriggerRule = {
  id: 'Route53Calls',
  description: 'Changes of Route 53 records, where a trail records them; only in us-east-1.',
  pattern: {
    source: ['aws.route53'],
    detailType: [CLOUDTRAIL],
    detail: { eventSource: ['route53.amazonaws.com'], eventName: [...ROUTE53_CALLS] },
  },
};
