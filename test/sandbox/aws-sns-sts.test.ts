// SNS and STS of the sandbox through the real SDK.
import { ListEmailIdentitiesCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failure, HOME, MEMBER, ROLE, type SmallAws, startSmallAws, TOPIC } from './small-aws.ts';

let aws: SmallAws;
beforeEach(async () => {
  aws = await startSmallAws();
});
afterEach(() => aws.close());

const publish = (input: object, account = HOME) =>
  aws.sns(account).send(new PublishCommand({ TopicArn: TOPIC, Message: 'hello', ...input }));
const bodies = (value: object) => ({ MessageStructure: 'json', Message: JSON.stringify(value) });

describe('Publish', () => {
  it('sends every confirmed subscriber the body for its protocol', async () => {
    const { MessageId } = await publish({
      ...bodies({ default: 'plain', email: 'for people', https: '{"chat":true}', sqs: '{"schema":1}', unheard: 5 }),
      Subject: 'Record missing',
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: 'critical' },
        kind: { DataType: 'String', StringValue: 'error' },
        status: { DataType: 'String', StringValue: '1' },
      },
    });
    expect(aws.sandbox.aws.outbox.map(({ protocol, endpoint, body }) => [protocol, endpoint, body])).toEqual([
      ['email', 'dns@shop.com', 'for people'],
      ['https', 'https://chat.shop.com/hook', '{"chat":true}'],
      ['sqs', `arn:aws:sqs:eu-west-1:${HOME}:queue`, '{"schema":1}'],
    ]);
    expect(aws.sandbox.aws.outbox[0]).toMatchObject({
      messageId: MessageId,
      subject: 'Record missing',
      at: '2026-06-01T12:00:00.000Z',
      attributes: { severity: 'critical', kind: 'error', status: '1' },
    });
  });

  it('falls back to the default body, and honours filter policies', async () => {
    await publish({ ...bodies({ default: 'plain' }), MessageAttributes: { severity: { DataType: 'String', StringValue: 'warning' } } });
    expect(aws.sandbox.aws.outbox.map(({ protocol, body }) => [protocol, body])).toEqual([
      ['email', 'plain'],
      ['https', 'plain'],
    ]);
  });

  it('matches an attribute of several values by any of them', async () => {
    await publish({ MessageAttributes: { severity: { DataType: 'String.Array', StringValue: '["warning","critical"]' } } });
    expect(aws.sandbox.aws.outbox.map(({ protocol }) => protocol)).toContain('sqs');
  });

  it('reaches a subscriber once it has confirmed, and no longer once it has left', async () => {
    aws.sandbox.aws.confirm('late@shop.com');
    aws.sandbox.aws.unsubscribe('dns@shop.com');
    await publish({});
    expect(aws.sandbox.aws.outbox.filter(({ protocol }) => protocol === 'email').map(({ endpoint }) => endpoint)).toEqual([
      'late@shop.com',
    ]);
    expect(() => aws.sandbox.aws.confirm('nobody@shop.com')).toThrow('nobody subscribed');
  });

  const structure = 'Invalid parameter: Message Structure -';
  it.each([
    ['no default body', bodies({ email: 'x' }), `${structure} No default entry in JSON message body`],
    ['a default body that is no text', bodies({ default: 5 }), `${structure} No default entry in JSON message body`],
    ['JSON that is no object', { MessageStructure: 'json', Message: '["x"]' }, `${structure} JSON message body failed to parse`],
    ['text that is no JSON', { MessageStructure: 'json', Message: '{' }, `${structure} JSON message body failed to parse`],
    ['an empty message', { Message: '' }, 'Invalid parameter: Empty message'],
    ['a message too long', { Message: 'é'.repeat(131_073) }, 'Invalid parameter: Message too long'],
    [
      'bodies too long together',
      bodies({ default: 'x'.repeat(140_000), email: 'y'.repeat(140_000) }),
      'Invalid parameter: Message too long',
    ],
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }, 'Invalid parameter: Subject'],
    ['a subject with a line break', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
    ['a subject beyond ASCII', { Subject: 'naïve' }, 'Invalid parameter: Subject'],
  ])('refuses %s', async (_, input, message) => {
    expect(await failure(publish(input))).toMatchObject({ status: 400, message });
    expect(aws.sandbox.aws.outbox).toEqual([]);
  });

  it('takes a message of exactly 262,144 bytes and a subject of 99 characters', async () => {
    await publish({ Message: 'x'.repeat(262_144), Subject: 'x'.repeat(99) });
    expect(aws.sandbox.aws.outbox).toHaveLength(2);
  });

  it('counts the attributes', async () => {
    const attribute = { DataType: 'String', StringValue: 'v' };
    expect(await failure(publish({ Message: 'x'.repeat(262_144), MessageAttributes: { a: attribute } }))).toMatchObject({
      message: 'Invalid parameter: Message too long',
    });
    expect((await failure(publish({ MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }))).status).toBe(400);
  });

  it('knows no other topic, and lets nobody else in', async () => {
    expect(await failure(publish({ TopicArn: `${TOPIC}-2` }))).toMatchObject({ name: 'NotFoundException', status: 404 });
    expect(await failure(publish({ TopicArn: 'nonsense' }))).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect(await failure(publish({}, MEMBER))).toMatchObject({ name: 'AuthorizationErrorException', status: 403 });
  });
});

describe('subscriptions', () => {
  it('are counted and listed, pending ones without an ARN', async () => {
    const { Attributes } = await aws.sns().send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    expect(Attributes).toMatchObject({ TopicArn: TOPIC, Owner: HOME, SubscriptionsConfirmed: '3', SubscriptionsPending: '1' });
    const { Subscriptions } = await aws.sns().send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    expect(Subscriptions?.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn === 'PendingConfirmation'])).toContainEqual([
      'late@shop.com',
      true,
    ]);
  });

  it('are made, and wait for confirmation where a person is behind them', async () => {
    const subscribe = (Protocol: string, Endpoint: string) => aws.sns().send(new SubscribeCommand({ TopicArn: TOPIC, Protocol, Endpoint }));
    expect((await subscribe('email', 'new@shop.com')).SubscriptionArn).toBe('pending confirmation');
    expect((await subscribe('lambda', `arn:aws:lambda:eu-west-1:${HOME}:function:f`)).SubscriptionArn).toContain(TOPIC);
    expect(await failure(subscribe('pigeon', 'x'))).toMatchObject({ name: 'InvalidParameterException' });
    const { Attributes } = await aws.sns().send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '4', SubscriptionsPending: '2' });
  });

  it('come in pages of 100', async () => {
    for (let i = 0; i < 110; i++)
      await aws.sns().send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'email', Endpoint: `p${i}@shop.com` }));
    const first = await aws.sns().send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    const second = await aws.sns().send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC, NextToken: first.NextToken }));
    expect([first.Subscriptions?.length, second.Subscriptions?.length, second.NextToken]).toEqual([100, 14, undefined]);
  });
});

describe('STS', () => {
  const assume = (input = {}, account = HOME) =>
    aws
      .sts(account)
      .send(
        new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'sweep', ExternalId: 'secret-word', SourceIdentity: 'monitor', ...input }),
      );

  it('opens a session of the role, which is that account', async () => {
    const { Credentials, AssumedRoleUser } = await assume();
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${MEMBER}:assumed-role/reader/sweep`);
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now());
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const ses = new SESv2Client({ ...aws.config(), credentials });
    expect((await ses.send(new ListEmailIdentitiesCommand({}))).EmailIdentities?.[0]?.IdentityName).toBe('member.com');
    const sts = new STSClient({ ...aws.config(), credentials });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(MEMBER);
    const forged = new SESv2Client({ ...aws.config(), credentials: { ...credentials, sessionToken: 'forged' } });
    expect(await failure(forged.send(new ListEmailIdentitiesCommand({})))).toMatchObject({ name: 'UnrecognizedClientException' });
    for (const client of [ses, sts, forged]) client.destroy();
  });

  it.each([
    ['a wrong external id', { ExternalId: 'guess' }],
    ['no external id', { ExternalId: undefined }],
    ['a role that is not there', { RoleArn: `arn:aws:iam::${MEMBER}:role/other` }],
  ])('refuses %s', async (_, input) => {
    expect(await failure(assume(input))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
      message: expect.stringContaining('sts:AssumeRole'),
    });
  });

  it('refuses an account the role does not trust, and roles told to refuse', async () => {
    expect(await failure(assume({}, MEMBER))).toMatchObject({ name: 'AccessDenied' });
    aws.sandbox.aws.denyRoles.add(ROLE);
    expect(await failure(assume())).toMatchObject({ name: 'AccessDenied' });
    aws.sandbox.aws.denyRoles.clear();
    await assume();
  });
});
