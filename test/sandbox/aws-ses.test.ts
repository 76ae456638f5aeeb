// SES of the sandbox through the real SDK: listing, details, the batch call of v1, and every way they fail.
import { GetIdentityDkimAttributesCommand } from '@aws-sdk/client-ses';
import { GetEmailIdentityCommand, ListEmailIdentitiesCommand } from '@aws-sdk/client-sesv2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { easyIdentity, replicaIdentity, tokensFor } from '../../sandbox/aws/identities.ts';
import { answerTo } from './ask.ts';
import { failure, HOME, MEMBER, type SmallAws, startSmallAws } from './small-aws.ts';

let aws: SmallAws;
beforeEach(async () => {
  aws = await startSmallAws();
});
afterEach(() => aws.close());

const list = (input = {}, account = HOME, region = 'eu-west-1') => aws.ses(account, region).send(new ListEmailIdentitiesCommand(input));
const get = (name: string, account = HOME) => aws.ses(account).send(new GetEmailIdentityCommand({ EmailIdentity: name }));
const batch = (names: string[]) => aws.sesV1().send(new GetIdentityDkimAttributesCommand({ Identities: names }));

describe('ListEmailIdentities', () => {
  it('pages, with opaque tokens, without DKIM status', async () => {
    const first = await list({ PageSize: 2 });
    const second = await list({ PageSize: 2, NextToken: first.NextToken });
    const third = await list({ PageSize: 2, NextToken: second.NextToken });
    const names = [first, second, third].flatMap((page) => page.EmailIdentities ?? []).map((entry) => entry.IdentityName);
    expect(names).toEqual(['shop.com', 'bank.com', 'info@elsewhere.org', 'late.com', 'gone.com']);
    expect(third.NextToken).toBeUndefined();
    expect(first.EmailIdentities?.[0]).toEqual({
      IdentityType: 'DOMAIN',
      IdentityName: 'shop.com',
      SendingEnabled: true,
      VerificationStatus: 'SUCCESS',
    });
  });

  it('keeps its place when an identity before it is deleted between two pages', async () => {
    const first = await list({ PageSize: 2 });
    aws.sandbox.aws.deleteIdentity(HOME, 'eu-west-1', 'shop.com');
    const second = await list({ PageSize: 2, NextToken: first.NextToken });
    expect(second.EmailIdentities?.map((entry) => entry.IdentityName)).toEqual(['info@elsewhere.org', 'late.com']);
  });

  it('filters by name', async () => {
    const { EmailIdentities } = await list({ Filter: { IDENTITY_NAME: 'ban' } });
    expect(EmailIdentities?.map((entry) => entry.IdentityName)).toEqual(['bank.com']);
  });

  it('answers the older GET form too', async () => {
    const key = aws.sandbox.credentials(HOME).accessKeyId;
    const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20260601/eu-west-1/ses/aws4_request, SignedHeaders=host, Signature=0`;
    const response = await fetch(`${aws.sandbox.endpoint}/v2/email/identities?PageSize=1`, { headers: { authorization } });
    expect(await response.json()).toMatchObject({ EmailIdentities: [{ IdentityName: 'shop.com' }], NextToken: expect.any(String) });
  });

  it('refuses page sizes over 1000 and tokens of its own invention', async () => {
    expect(await failure(list({ PageSize: 1001 }))).toMatchObject({ name: 'BadRequestException', status: 400 });
    expect(await failure(list({ NextToken: 'made-up' }))).toMatchObject({ name: 'BadRequestException' });
  });

  it('is empty where there is nothing', async () => {
    expect((await list({}, HOME, 'us-west-2')).EmailIdentities).toEqual([]);
  });
});

describe('GetEmailIdentity', () => {
  it('gives what SES gives, times as times', async () => {
    expect(await get('late.com')).toMatchObject({
      IdentityType: 'DOMAIN',
      VerifiedForSendingStatus: false,
      DkimAttributes: {
        SigningEnabled: true,
        Status: 'PENDING',
        Tokens: tokensFor('late.com', 'eu-west-1'),
        SigningHostedZone: 'dkim.amazonses.com',
        SigningAttributesOrigin: 'AWS_SES',
        CurrentSigningKeyLength: 'RSA_2048_BIT',
        LastKeyGenerationTimestamp: new Date('2026-06-01T00:00:00Z'),
      },
      VerificationInfo: {
        ErrorType: 'HOST_NOT_FOUND',
        LastCheckedTimestamp: new Date('2026-05-31T20:00:00Z'),
        SOARecord: { PrimaryNameServer: 'ns1.old.net', SerialNumber: 7 },
      },
    });
    expect((await get('shop.com')).Tags).toEqual([{ Key: 'team', Value: 'web' }]);
    expect((await get('bank.com')).DkimAttributes).toMatchObject({ Tokens: ['s1'], SigningAttributesOrigin: 'EXTERNAL' });
    expect((await get('info@elsewhere.org')).DkimAttributes).toEqual({
      SigningEnabled: false,
      Status: 'NOT_STARTED',
      SigningAttributesOrigin: 'AWS_SES',
      NextSigningKeyLength: 'RSA_1024_BIT',
    });
  });

  it('gives a replica the tokens and zone of its parent', async () => {
    aws.sandbox.aws.setIdentity(HOME, 'eu-west-1', replicaIdentity('vini.com', { region: 'eu-west-1', parentRegion: 'eu-south-1' }));
    expect((await get('vini.com')).DkimAttributes).toMatchObject({
      Tokens: tokensFor('vini.com', 'eu-south-1'),
      SigningHostedZone: 'dkim.eu-south-1.amazonses.com',
      SigningAttributesOrigin: 'AWS_SES_EU_SOUTH_1',
    });
  });

  it('does not find what is not there, or was deleted after the listing', async () => {
    expect(await failure(get('nobody.com'))).toMatchObject({ name: 'NotFoundException', status: 404 });
    expect(await failure(get('gone.com'))).toMatchObject({ name: 'NotFoundException' });
  });

  it('shows each account only its own', async () => {
    expect((await get('member.com', MEMBER)).IdentityType).toBe('DOMAIN');
    expect(await failure(get('member.com'))).toMatchObject({ name: 'NotFoundException' });
  });
});

describe('GetIdentityDkimAttributes', () => {
  it('gives status and tokens of those that exist', async () => {
    const { DkimAttributes } = await batch(['shop.com', 'late.com', 'info@elsewhere.org', 'nobody.com']);
    expect(DkimAttributes).toEqual({
      'shop.com': { DkimEnabled: true, DkimVerificationStatus: 'Success', DkimTokens: [...tokensFor('shop.com', 'eu-west-1')] },
      'late.com': { DkimEnabled: true, DkimVerificationStatus: 'Pending', DkimTokens: [...tokensFor('late.com', 'eu-west-1')] },
      'info@elsewhere.org': { DkimEnabled: false, DkimVerificationStatus: 'NotStarted' },
    });
  });

  it('takes at most 100', async () => {
    const names = Array.from({ length: 101 }, (_, i) => `d${i}.com`);
    expect(await failure(batch(names))).toMatchObject({ name: 'ValidationError', status: 400 });
    expect((await batch(names.slice(1))).DkimAttributes).toEqual({});
  });
});

describe('what goes wrong', () => {
  it('throttles each account and region on its own, by the clock it was given', async () => {
    aws.sandbox.aws.rate = 1;
    await list();
    expect(await failure(get('shop.com'))).toMatchObject({ name: 'TooManyRequestsException', status: 429 });
    expect(await failure(batch(['shop.com']))).toMatchObject({ name: 'Throttling', status: 400, message: 'Rate exceeded' });
    await get('member.com', MEMBER);
    aws.setTime(Date.parse('2026-06-01T12:00:01Z'));
    await get('shop.com');
    aws.sandbox.aws.rate = undefined;
    await get('shop.com');
  });

  it('answers with the faults it was told, as often as it was told', async () => {
    aws.sandbox.aws.faults.push({
      action: 'GetEmailIdentity',
      identity: 'shop.com',
      status: 403,
      code: 'AccessDeniedException',
      message: 'no',
      times: 1,
    });
    expect(await failure(get('shop.com'))).toEqual({ name: 'AccessDeniedException', status: 403, message: 'no' });
    await get('shop.com');
    aws.sandbox.aws.faults.push({
      account: MEMBER,
      region: 'eu-west-1',
      service: 'ses',
      status: 500,
      code: 'InternalServiceErrorException',
    });
    expect(await failure(list({}, MEMBER))).toMatchObject({ name: 'InternalServiceErrorException', status: 500 });
    await list();
  });

  it('can leave a call hanging, and still be closed', async () => {
    aws.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 0, code: '', hang: true });
    const abort = AbortSignal.timeout(50);
    const call = aws.ses().send(new GetEmailIdentityCommand({ EmailIdentity: 'shop.com' }), { abortSignal: abort });
    expect(await failure(call)).toMatchObject({ name: 'AbortError' });
  });

  it('knows no stranger, and nobody in a region that is off', async () => {
    const stranger = { ...aws.config(), credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } };
    const { SESv2Client } = await import('@aws-sdk/client-sesv2');
    const { SESClient } = await import('@aws-sdk/client-ses');
    expect(await failure(new SESv2Client(stranger).send(new ListEmailIdentitiesCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      status: 403,
    });
    expect(await failure(new SESClient(stranger).send(new GetIdentityDkimAttributesCommand({ Identities: ['a.com'] })))).toMatchObject({
      name: 'InvalidClientTokenId',
    });
    expect(await failure(list({}, HOME, 'eu-south-1'))).toMatchObject({ name: 'UnrecognizedClientException' });
    aws.sandbox.aws.regionsOff.clear();
    await list({}, HOME, 'eu-south-1');
  });

  it('lets a hook see each call, and break it before or after it is done', async () => {
    const seen: string[] = [];
    aws.sandbox.aws.beforeCall = async ({ action }) => {
      seen.push(action);
      return 'drop' as const;
    };
    await expect(get('shop.com')).rejects.toThrow();
    aws.sandbox.aws.beforeCall = undefined;
    await get('shop.com');
    expect(seen).toEqual(['GetEmailIdentity']);
  });

  it('logs every call with what became of it', async () => {
    await list();
    await failure(get('nobody.com'));
    expect(aws.sandbox.aws.calls).toEqual([
      { at: '2026-06-01T12:00:00.000Z', account: HOME, region: 'eu-west-1', service: 'ses', action: 'ListEmailIdentities' },
      {
        at: '2026-06-01T12:00:00.000Z',
        account: HOME,
        region: 'eu-west-1',
        service: 'ses',
        action: 'GetEmailIdentity',
        identity: 'nobody.com',
        error: 'NotFoundException',
      },
    ]);
  });
});

describe("the keys behind an identity's tokens", () => {
  it('appear in the SES zone: one key without v=, two empty records', async () => {
    aws.sandbox.aws.setIdentity(HOME, 'eu-west-1', easyIdentity('new.com', { region: 'eu-west-1' }));
    const texts = await Promise.all(
      tokensFor('new.com', 'eu-west-1').map((token) =>
        answerTo(aws.sandbox.resolver, `${token}.dkim.amazonses.com`, 'TXT', { rd: true, edns: 1232 }),
      ),
    );
    expect(texts.map(({ answers }) => answers[0]?.split(' ').slice(2).join(' ').slice(0, 9))).toEqual(['"p=MIIBIj', '""', '""']);
  });
});
