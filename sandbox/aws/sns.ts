// SNS: topics, subscriptions, and publishing with the checks that the real service makes.
import type { FilterPolicy } from './aws-world.ts';
import { type Answer, type AwsError, awsError, type Call, xml } from './call.ts';
import type { Delivered, Estate, Subscription, Topic } from './estate.ts';

const PAGE = 100;
const MESSAGE_LIMIT = 262_144;
const PROTOCOLS = ['email', 'https', 'sqs', 'lambda'];

/** Publish to a topic. What each confirmed subscriber gets goes to the outbox. */
export function publish(estate: Estate, call: Call, at: string): Answer {
  const topic = topicOf(estate, call);
  if ('kind' in topic) return topic;
  const attributes = readAttributes(call.form);
  if (!(attributes instanceof Map)) return attributes;
  const message = call.form.get('Message') ?? '';
  const subject = call.form.get('Subject') ?? undefined;
  const refusal = refuse(message, subject, attributes);
  if (refusal !== undefined) return refusal;
  const bodies = call.form.get('MessageStructure') === 'json' ? readBodies(message) : new Map([['default', message]]);
  if (!(bodies instanceof Map)) return bodies;
  const messageId = estate.nextId();
  for (const { protocol, endpoint, confirmed, filterPolicy, filterPolicyScope } of topic.subscriptions) {
    if (!confirmed || (filterPolicyScope !== 'MessageBody' && !wants(filterPolicy, attributes))) continue;
    const body = bodies.get(protocol) ?? bodies.get('default') ?? '';
    const sent: Delivered = {
      at,
      topicArn: topic.arn,
      messageId,
      protocol,
      endpoint,
      body,
      attributes: Object.fromEntries(attributes),
      ...(subject !== undefined && { subject }),
    };
    estate.outbox.push(sent);
  }
  return { kind: 'xml', result: `<MessageId>${messageId}</MessageId>` };
}

/** GetTopicAttributes, with the counts of subscriptions. */
export function getTopicAttributes(estate: Estate, call: Call): Answer {
  const topic = topicOf(estate, call);
  if ('kind' in topic) return topic;
  const confirmed = topic.subscriptions.filter((s) => s.confirmed).length;
  return attributesAnswer({
    TopicArn: topic.arn,
    Owner: topic.account,
    DisplayName: '',
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(topic.subscriptions.length - confirmed),
    SubscriptionsDeleted: '0',
  });
}

/** ListSubscriptionsByTopic, 100 a page. A pending one has no ARN yet. */
export function listSubscriptionsByTopic(estate: Estate, call: Call): Answer {
  const topic = topicOf(estate, call);
  if ('kind' in topic) return topic;
  const start = Number(call.form.get('NextToken') ?? '0');
  if (!Number.isInteger(start) || start < 0) return awsError(400, 'InvalidParameter', 'Invalid parameter: NextToken');
  const page = topic.subscriptions.slice(start, start + PAGE).map((s) => `<member>${describe(s, topic)}</member>`);
  const next = topic.subscriptions.length > start + PAGE ? `<NextToken>${start + PAGE}</NextToken>` : '';
  return { kind: 'xml', result: `<Subscriptions>${page.join('')}</Subscriptions>${next}` };
}

/** GetSubscriptionAttributes, with the filter policy where there is one. */
export function getSubscriptionAttributes(estate: Estate, call: Call): Answer {
  const arn = call.form.get('SubscriptionArn') ?? '';
  const [topicArn, id] = [arn.slice(0, arn.lastIndexOf(':')), arn.slice(arn.lastIndexOf(':') + 1)];
  if (!/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(topicArn) || !/^[0-9a-f-]{36}$/.test(id))
    return awsError(400, 'InvalidParameter', 'Invalid parameter: SubscriptionArn');
  const topic = estate.topics.get(topicArn);
  const found = topic?.subscriptions.find((s) => s.arn === arn && s.confirmed);
  if (topic === undefined || found === undefined || topicArn.split(':')[3] !== call.region)
    return awsError(404, 'NotFound', 'Subscription does not exist');
  if (topic.account !== call.account)
    return awsError(
      403,
      'AuthorizationError',
      `User: ${call.principal} is not authorized to perform: SNS:${call.action} on resource: ${topicArn}`,
    );
  const { protocol, endpoint, filterPolicy, filterPolicyScope } = found;
  return attributesAnswer({
    SubscriptionArn: arn,
    TopicArn: topicArn,
    Owner: topic.account,
    Protocol: protocol,
    Endpoint: endpoint,
    PendingConfirmation: 'false',
    ...(filterPolicy && { FilterPolicy: JSON.stringify(filterPolicy), FilterPolicyScope: filterPolicyScope ?? 'MessageAttributes' }),
  });
}

function attributesAnswer(attributes: Readonly<Record<string, string>>): Answer {
  const entries = Object.entries(attributes).map(([key, value]) => `<entry><key>${key}</key><value>${xml(value)}</value></entry>`);
  return { kind: 'xml', result: `<Attributes>${entries.join('')}</Attributes>` };
}

/** Subscribe. E-mail and HTTPS wait for a confirmation, queues and functions do not. */
export function subscribe(estate: Estate, call: Call): Answer {
  const topic = topicOf(estate, call);
  if ('kind' in topic) return topic;
  const protocol = call.form.get('Protocol') ?? '';
  const endpoint = call.form.get('Endpoint') ?? '';
  if (!PROTOCOLS.includes(protocol))
    return awsError(400, 'InvalidParameter', `Invalid parameter: Does not support this protocol string: ${protocol}`);
  if (endpoint === '') return awsError(400, 'InvalidParameter', 'Invalid parameter: Endpoint');
  const made = estate.subscribe(topic.arn, protocol, endpoint, protocol === 'sqs' || protocol === 'lambda');
  return { kind: 'xml', result: `<SubscriptionArn>${made.confirmed ? made.arn : 'pending confirmation'}</SubscriptionArn>` };
}

function describe(s: Subscription, topic: Topic): string {
  const arn = s.confirmed ? s.arn : 'PendingConfirmation';
  return `<SubscriptionArn>${xml(arn)}</SubscriptionArn><Owner>${topic.account}</Owner><Protocol>${s.protocol}</Protocol><Endpoint>${xml(s.endpoint)}</Endpoint><TopicArn>${xml(topic.arn)}</TopicArn>`;
}

function topicOf(estate: Estate, call: Call): Topic | AwsError {
  const arn = call.form.get('TopicArn') ?? '';
  if (!/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(arn)) return awsError(400, 'InvalidParameter', 'Invalid parameter: TopicArn');
  const topic = estate.topics.get(arn);
  if (topic === undefined || arn.split(':')[3] !== call.region) return awsError(404, 'NotFound', 'Topic does not exist');
  if (topic.account !== call.account)
    return awsError(
      403,
      'AuthorizationError',
      `User: ${call.principal} is not authorized to perform: SNS:${call.action} on resource: ${arn}`,
    );
  return topic;
}

function refuse(message: string, subject: string | undefined, attributes: ReadonlyMap<string, string>): AwsError | undefined {
  if (message === '') return awsError(400, 'InvalidParameter', 'Invalid parameter: Empty message');
  const size = [...attributes].reduce((sum, [key, value]) => sum + bytes(key) + bytes(value) + bytes('String'), bytes(message));
  if (size > MESSAGE_LIMIT) return awsError(400, 'InvalidParameter', 'Invalid parameter: Message too long');
  // ASCII, begins with a letter, digit or punctuation mark, no line break or control character, less than 100 characters.
  if (subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(subject)) return awsError(400, 'InvalidParameter', 'Invalid parameter: Subject');
  return undefined;
}

const bytes = (text: string): number => Buffer.byteLength(text);

/** `MessageStructure: json`: a body for each protocol; entries that are not text are ignored, `default` must be there. */
function readBodies(message: string): Map<string, string> | AwsError {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return awsError(400, 'InvalidParameter', 'Invalid parameter: Message Structure - JSON message body failed to parse');
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const bodies = new Map(texts);
  if (!bodies.has('default'))
    return awsError(400, 'InvalidParameter', 'Invalid parameter: Message Structure - No default entry in JSON message body');
  return bodies;
}

function readAttributes(form: URLSearchParams): Map<string, string> | AwsError {
  const attributes = new Map<string, string>();
  for (let i = 1; i <= 100; i++) {
    const at = `MessageAttributes.entry.${i}`;
    const name = form.get(`${at}.Name`);
    if (name === null) break;
    const value = form.get(`${at}.Value.StringValue`) ?? '';
    if (value === '')
      return awsError(400, 'ParameterValueInvalid', `The message attribute '${name}' must contain non-empty message attribute value.`);
    attributes.set(name, value);
  }
  return attributes;
}

function wants(policy: FilterPolicy | undefined, attributes: ReadonlyMap<string, string>): boolean {
  return Object.entries(policy ?? {}).every(([key, accepted]) => {
    const attribute = attributes.get(key);
    if (accepted.some((rule) => typeof rule !== 'string' && 'exists' in rule && rule.exists === (attribute !== undefined))) return true;
    if (attribute === undefined) return false;
    return itemsOf(attribute).some((value) =>
      accepted.some((rule) => {
        if (typeof rule === 'string') return rule === value;
        if ('exists' in rule) return false;
        return 'prefix' in rule ? value.startsWith(rule.prefix) : !rule['anything-but'].includes(value);
      }),
    );
  });
}

/** An attribute of type String.Array matches by any of its items. */
function itemsOf(attribute: string): readonly string[] {
  if (!attribute.startsWith('[')) return [attribute];
  try {
    const items: unknown = JSON.parse(attribute);
    return Array.isArray(items) ? items.map(String) : [attribute];
  } catch {
    return [attribute];
  }
}
