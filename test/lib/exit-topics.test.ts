// What is deployed besides the main topic: nothing unless configured, and exactly what the function will publish to.
import { parseConfiguration } from '../../lambda/configuration.ts';
import { exitTopics, routeId, routingOf, topicArnOf } from '../../lambda/exits.ts';
import { HOME, monitorStack, TemplateView } from './stacks.ts';

const view = (alerts: object): TemplateView => new TemplateView(monitorStack({ alerts }));
const publishes = (given: TemplateView) => given.statements('AWS::IAM::Role').filter(({ actions }) => actions.includes('sns:Publish'));
const configurationOf = (alerts: object) => {
  const read = parseConfiguration({ alerts });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.value;
};

test('without settings there is the main topic, and nothing may be put on a bus', () => {
  const bare = view({ email: ['a@one.example'] });
  expect(Object.keys(bare.resources('AWS::SNS::Topic'))).toHaveLength(2);
  expect(publishes(bare)).toHaveLength(1);
  expect(JSON.stringify(bare.template.toJSON())).not.toContain('events:PutEvents');
});

test('the function computes the very names that are deployed', () => {
  const alerts = { critical: { email: ['a@one.example'] }, routes: [{ tags: { team: 'web' }, email: ['web@one.example'] }] };
  const names = Object.values(view(alerts).resources('AWS::SNS::Topic')).map(({ TopicName }) => TopicName);
  const home = { partition: 'aws', region: 'us-east-1', account: HOME };
  const arns = exitTopics(configurationOf(alerts).alerts).map((exit) => topicArnOf(exit, home));
  expect(arns).toHaveLength(2);
  for (const arn of arns) expect(names).toContain(arn.split(':').at(-1));
  const routing = routingOf(configurationOf(alerts).alerts);
  expect([...(routing?.critical ?? []), ...(routing?.routes ?? []).map(({ exit }) => exit)]).toEqual(
    exitTopics(configurationOf(alerts).alerts).map(({ id }) => id),
  );
});

test('a topic that exists already is published to, not deployed', () => {
  const topicArn = 'arn:aws:sns:eu-west-1:222222222222:theirs';
  const given = view({ email: ['a@one.example'], critical: { topicArn } });
  expect(Object.keys(given.resources('AWS::SNS::Topic'))).toHaveLength(2);
  expect(publishes(given).flatMap(({ resources }) => resources)).toContain(topicArn);
});

test('a bus of another account is allowed by its ARN', () => {
  const bus = 'arn:aws:events:us-east-1:222222222222:event-bus/alerts';
  const put = view({ eventBus: bus })
    .statements('AWS::IAM::Role')
    .find(({ actions }) => actions.includes('events:PutEvents'));
  expect(put?.resources).toEqual([bus]);
});

test('a channel that listens to several topics is configured once, with all of them', () => {
  const slack = [{ workspaceId: 'T0123ABCD', channelId: 'C0456EFGH' }];
  const given = view({ slack, critical: { slack } });
  expect(given.only('AWS::Chatbot::SlackChannelConfiguration').SnsTopicArns).toHaveLength(2);
});

describe('a route keeps its topic', () => {
  const id = (more: object): string => {
    const [route] = configurationOf({ routes: [{ identities: ['a.example', 'b.example'], email: ['x@one.example'], ...more }] }).alerts
      .routes;
    if (route === undefined) throw new Error('no route');
    return routeId(route);
  };

  test('where its subscribers or the order of its conditions change', () => {
    expect(id({ email: ['y@one.example'], exclusive: true })).toBe(id({}));
    expect(id({ identities: ['b.example', 'a.example'] })).toBe(id({}));
    expect(id({ identities: ['a.example'] })).not.toBe(id({}));
  });

  test('by its name also where its conditions change', () => {
    expect(id({ name: 'shop', identities: ['c.example'] })).toBe('route-shop');
  });
});

test.each([
  ['nobody would hear', { critical: {} }, /alerts.critical: nobody would hear of it/],
  ['no condition', { routes: [{ email: ['a@one.example'] }] }, /alerts.routes\[0\]: it would get everything/],
  [
    'subscribers of a topic that is not ours',
    { critical: { email: ['a@one.example'], topicArn: 'arn:aws:sns:eu-west-1:222222222222:t' } },
    /give either topicArn or email/,
  ],
  [
    'the same conditions twice',
    { routes: [1, 2].map((n) => ({ accounts: [HOME], email: [`a${n}@one.example`] })) },
    /alerts.routes\[1\]: the conditions are those of alerts.routes\[0\]/,
  ],
  ['a FIFO topic', { critical: { topicArn: 'arn:aws:sns:eu-west-1:222222222222:t.fifo' } }, /not the ARN of a standard SNS topic/],
  ['a bus by name', { eventBus: 'alerts' }, /must be "default" or the ARN of an event bus/],
  [
    'a target in place of an identity',
    { routes: [{ identities: ['111111111111/us-east-1'], email: ['a@one.example'] }] },
    /not an identity/,
  ],
])('a mistake: %s', (_name, alerts, pattern) => {
  const read = parseConfiguration({ alerts });
  expect(read.ok ? '' : read.problems.join('\n')).toMatch(pattern);
});
