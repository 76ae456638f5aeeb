// The IAM actions that the channel room calls.
import type { DeclaredAction } from '../model/declared-action.ts';

export const ACTIONS: readonly DeclaredAction[] = [
  { action: 'sns:Publish', on: 'alert-topic', why: 'Tells people.' },
  {
    action: 'sns:GetTopicAttributes',
    on: 'alert-topic',
    why: 'Counts confirmed subscriptions: while there is none, alerts are held instead of lost.',
  },
  { action: 'sns:ListSubscriptionsByTopic', on: 'alert-topic', why: "Checks a count of none, because the topic's own counts lag behind." },
];
