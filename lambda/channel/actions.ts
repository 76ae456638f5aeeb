// The IAM actions that the channel room calls.
import type { DeclaredAction } from '../model/declared-action.ts';

export const ACTIONS: readonly DeclaredAction[] = [
  { action: 'sns:Publish', on: 'alert-topic', why: 'Tells people.' },
  { action: 'sns:Publish', on: 'exit-topics', why: 'Tells those who want what is critical, or what is about their identities.' },
  {
    action: 'sns:ListSubscriptionsByTopic',
    on: 'exit-topics',
    why: 'For `dkim-monitor doctor`: whether each topic exists, and who of it is confirmed.',
  },
  { action: 'events:PutEvents', on: 'event-bus', why: 'Makes each alert an event for tickets, pagers and automation.' },
  { action: 'events:DescribeEventBus', on: 'event-bus', why: 'For `dkim-monitor doctor`: whether the bus exists.' },
  {
    action: 'sns:GetTopicAttributes',
    on: 'alert-topic',
    why: 'Counts confirmed subscriptions: while there is none, alerts are held instead of lost.',
  },
  { action: 'sns:ListSubscriptionsByTopic', on: 'alert-topic', why: "Checks a count of none, because the topic's own counts lag behind." },
];
