// The settings of what messages may go to besides the main topic: a topic for what is critical, routes, an event bus.
import * as z from 'zod';
import { parseAccountId } from './model/names.ts';
import { matching, parsed, parseIdentityPattern, parseSesRegion, subscribers } from './schema-parts.ts';

// A FIFO topic (its name ends in .fifo) delivers neither mail nor chat, and wants a group id (Amazon SNS Developer Guide, "FIFO topics").
const topicArn = matching(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'the ARN of a standard SNS topic')
  .optional()
  .describe('A topic that exists already, in place of one deployed for these subscribers. It must let the role ses-dkim-monitor publish.');

const eventBus = z
  .string()
  .regex(/^(default|arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w.\-/]{1,256})$/, {
    error: 'must be "default" or the ARN of an event bus such as "arn:aws:events:eu-west-1:111111111111:event-bus/alerts".',
  })
  .optional()
  .describe('Each alert is also an event on this EventBridge bus: "default" or an ARN.');

/** Tag keys and values as SES takes them. Source: SES API v2, Tag. */
const tags = z
  .record(z.string().min(1).max(128), z.string().max(256))
  .default({})
  .describe('SES tags that the identity must have, each with exactly this value.');

const critical = z
  .strictObject({ ...subscribers, topicArn })
  .optional()
  .describe('A topic that gets what is critical, besides the one for everything.');

const route = z.strictObject({
  name: matching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'a name (up to 40 small letters, digits and hyphens)')
    .optional()
    .describe('Names its topic, which then stays where the conditions change: nobody has to confirm again.'),
  accounts: z.array(parsed(parseAccountId)).max(1000).default([]),
  regions: z.array(parsed(parseSesRegion)).max(64).default([]),
  identities: z.array(parsed(parseIdentityPattern)).max(1000).default([]).describe('Domains or addresses; "*" stands for anything.'),
  tags,
  ...subscribers,
  topicArn,
  exclusive: z.boolean().default(false).describe('True: what is about these identities alone does not go to the main topic.'),
});

/** A topic for each route: twenty still fit into the policy of the function's role beside the roles of other accounts. */
const MOST_ROUTES = 20;

/** Part of `alerts`. */
export const exitsSettings = {
  critical,
  routes: z
    .array(route)
    .max(MOST_ROUTES)
    .default([])
    .describe('Topics of their own by account, region, identity or its SES tags. All conditions given must be met.'),
  eventBus,
};
