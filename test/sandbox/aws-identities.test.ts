// Identities of every shape as the real SDK reads them, and the records that worlds publish for them.
import { GetIdentityDkimAttributesCommand } from '@aws-sdk/client-ses';
import { GetEmailIdentityCommand, ListEmailIdentitiesCommand } from '@aws-sdk/client-sesv2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SesIdentity } from '../../sandbox/aws/aws-world.ts';
import { addressIdentity, easyIdentity, replicaIdentity, tokensFor } from '../../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { buildWorld } from '../../sandbox/scenarios/estate.ts';
import { answerTo } from './ask.ts';
import { failure, HOME, type SmallAws, startSmallAws } from './small-aws.ts';

const region = 'eu-west-1';
let aws: SmallAws;
beforeEach(async () => {
  aws = await startSmallAws();
});
afterEach(() => aws.close());

const set = (identity: SesIdentity) => aws.sandbox.aws.setIdentity(HOME, region, identity);
const get = (name: string) => aws.ses().send(new GetEmailIdentityCommand({ EmailIdentity: name }));

describe('MAIL FROM', () => {
  it('is SES’s own unless a domain is given', async () => {
    expect((await get('shop.com')).MailFromAttributes).toEqual({ BehaviorOnMxFailure: 'USE_DEFAULT_VALUE' });
  });

  it('comes with its status and what happens without the MX', async () => {
    set(easyIdentity('shop.com', { region, mailFrom: { domain: 'bounce.shop.com' } }));
    expect((await get('shop.com')).MailFromAttributes).toEqual({
      MailFromDomain: 'bounce.shop.com',
      MailFromDomainStatus: 'SUCCESS',
      BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
    });
    set(easyIdentity('shop.com', { region, mailFrom: { domain: 'bounce.shop.com', status: 'FAILED', behavior: 'REJECT_MESSAGE' } }));
    expect((await get('shop.com')).MailFromAttributes).toEqual({
      MailFromDomain: 'bounce.shop.com',
      MailFromDomainStatus: 'FAILED',
      BehaviorOnMxFailure: 'REJECT_MESSAGE',
    });
  });
});

describe('states beside DKIM', () => {
  it('sending is told by the details and by the listing alike', async () => {
    set(easyIdentity('shop.com', { region, sending: false }));
    expect(await get('shop.com')).toMatchObject({ VerifiedForSendingStatus: false, DkimAttributes: { Status: 'SUCCESS' } });
    const { EmailIdentities } = await aws.ses().send(new ListEmailIdentitiesCommand({}));
    expect(EmailIdentities?.find(({ IdentityName }) => IdentityName === 'shop.com')?.SendingEnabled).toBe(false);
  });

  it('an address signs, or does not', async () => {
    set(addressIdentity('info@shop.com', { region, status: 'SUCCESS', signing: true }));
    set(addressIdentity('sales@shop.com', { region }));
    expect(await get('info@shop.com')).toMatchObject({
      IdentityType: 'EMAIL_ADDRESS',
      DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS' },
    });
    expect((await get('sales@shop.com')).DkimAttributes).toMatchObject({ SigningEnabled: false, Status: 'NOT_STARTED' });
  });

  it('a replica says why it could not be made', async () => {
    set(
      replicaIdentity('shop.com', {
        region,
        parentRegion: 'us-east-1',
        status: 'FAILED',
        errorType: 'REPLICATION_PRIMARY_NOT_FOUND',
      }),
    );
    expect(await get('shop.com')).toMatchObject({
      DkimAttributes: { Status: 'FAILED', SigningAttributesOrigin: 'AWS_SES_US_EAST_1', Tokens: tokensFor('shop.com', 'us-east-1') },
      VerificationInfo: { ErrorType: 'REPLICATION_PRIMARY_NOT_FOUND' },
    });
  });

  it('v1 says of DKIM what v2 says', async () => {
    set(addressIdentity('info@shop.com', { region, status: 'SUCCESS', signing: true }));
    set(replicaIdentity('shop.com', { region, parentRegion: 'us-east-1', status: 'TEMPORARY_FAILURE', signing: false }));
    const Identities = ['info@shop.com', 'shop.com'];
    const { DkimAttributes } = await aws.sesV1().send(new GetIdentityDkimAttributesCommand({ Identities }));
    expect(DkimAttributes).toEqual({
      'info@shop.com': { DkimEnabled: true, DkimVerificationStatus: 'Success' },
      'shop.com': {
        DkimEnabled: false,
        DkimVerificationStatus: 'TemporaryFailure',
        DkimTokens: [...tokensFor('shop.com', 'us-east-1')],
      },
    });
    aws.sandbox.aws.deleteIdentity(HOME, region, 'shop.com');
    expect(await failure(get('shop.com'))).toMatchObject({ name: 'NotFoundException' });
    expect((await aws.sesV1().send(new GetIdentityDkimAttributesCommand({ Identities }))).DkimAttributes).not.toHaveProperty(['shop.com']);
  });
});

describe("the keys behind an identity's tokens", () => {
  const identity = easyIdentity('new.com', { region });
  const answers = () =>
    Promise.all(
      tokensFor('new.com', region).map(async (token) => {
        const { rcode, answers: found } = await answerTo(aws.sandbox.resolver, `${token}.dkim.amazonses.com`, 'TXT', {
          rd: true,
          edns: 1232,
        });
        return found[0]?.split(' ').slice(2).join(' ').slice(0, 9) ?? rcode;
      }),
    );

  it('can be taken away: the names are gone, or hold nothing', async () => {
    set(identity);
    expect(await answers()).toEqual(['"p=MIIBIj', '""', '""']);
    aws.sandbox.withdrawKeys(identity, 'empty');
    expect(await answers()).toEqual(['""', '""', '""']);
    aws.sandbox.withdrawKeys(identity, 'gone');
    expect(await answers()).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NXDOMAIN']);
  });
});

describe('a world built from identities', () => {
  let sandbox: Sandbox | undefined;
  afterEach(() => sandbox?.close());
  const lines = async (name: string, type: string) =>
    (await answerTo(sandbox?.resolver, name, type, { rd: true, edns: 1232 })).answers.map((line) => line.split(' ').slice(1).join(' '));

  it('holds the records of DKIM and of MAIL FROM, unless its zone says otherwise', async () => {
    const mailFrom = { domain: 'bounce.mail.shop.com' };
    sandbox = await startSandbox(
      buildWorld({
        identities: [
          { account: HOME, region, identity: easyIdentity('mail.shop.com', { region, mailFrom }) },
          { account: HOME, region: 'us-east-1', identity: easyIdentity('mail.shop.com', { region: 'us-east-1', mailFrom }) },
          { account: HOME, region, published: false, identity: easyIdentity('bank.com', { region, mailFrom: { domain: 'b.bank.com' } }) },
          { account: HOME, region, identity: addressIdentity('info@bank.com', { region, dkim: { Tokens: ['a', 'b', 'c'] } }) },
        ],
        zones: {
          'shop.com': { ns: ['ns1.host.net'], records: { _dmarc: { TXT: 'v=DMARC1; p=none' } } },
          'bank.com': { ns: ['ns1.host.net'], records: { b: { TXT: 'v=spf1 -all' } } },
        },
        accounts: { [HOME]: {} },
      }),
    );
    const [token] = tokensFor('mail.shop.com', region);
    expect((await lines(`${token}._domainkey.mail.shop.com`, 'TXT'))[0]).toBe(`CNAME ${token}.dkim.amazonses.com`);
    expect(await lines('bounce.mail.shop.com', 'MX')).toEqual(['MX 10 feedback-smtp.eu-west-1.amazonses.com']);
    expect(await lines('bounce.mail.shop.com', 'TXT')).toEqual(['TXT "v=spf1 include:amazonses.com ~all"']);
    expect(await lines('_dmarc.shop.com', 'TXT')).toEqual(['TXT "v=DMARC1; p=none"']);
    expect(await lines('b.bank.com', 'TXT')).toEqual(['TXT "v=spf1 -all"']);
    expect(await lines('b.bank.com', 'MX')).toEqual(['MX 10 feedback-smtp.eu-west-1.amazonses.com']);
    expect(sandbox.dns.zoneFile('bank.com')).not.toContain('_domainkey');
  });
});
