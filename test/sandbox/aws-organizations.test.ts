// Organizations, Account Management and session policies of the sandbox through the real SDK.
import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetEmailIdentityCommand, ListEmailIdentitiesCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { failure, HOME, MEMBER, ROLE, type SmallAws, startSmallAws } from './small-aws.ts';

let aws: SmallAws;
let client: OrganizationsClient;
beforeEach(async () => {
  aws = await startSmallAws();
  client = new OrganizationsClient(aws.config());
  const accounts = Array.from({ length: 25 }, (_, i) => String(300_000_000_000 + i));
  aws.sandbox.aws.organization = {
    id: 'o-exampleorgid',
    management: HOME,
    root: { id: 'r-ab12', accounts: [HOME], units: [{ id: 'ou-ab12-everybody', accounts: [MEMBER, ...accounts] }] },
    states: { [MEMBER]: 'CLOSED' },
  };
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

test('accounts come in pages of 20, with both fields of their state, and the organisation in their ARN', async () => {
  const first = await client.send(new ListAccountsCommand({}));
  const second = await client.send(new ListAccountsCommand({ NextToken: first.NextToken }));
  expect([first.Accounts?.length, second.Accounts?.length, second.NextToken]).toEqual([20, 7, undefined]);
  expect(first.Accounts?.[1]).toMatchObject({ Id: MEMBER, State: 'CLOSED', Status: 'SUSPENDED' });
  expect(first.Accounts?.[0]?.Arn).toBe(`arn:aws:organizations::${HOME}:account/o-exampleorgid/${HOME}`);
});

test('a parent has its own accounts and units, and no others', async () => {
  const ParentId = 'r-ab12';
  expect((await client.send(new ListAccountsForParentCommand({ ParentId }))).Accounts?.map(({ Id }) => Id)).toEqual([HOME]);
  const { OrganizationalUnits } = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId }));
  expect(OrganizationalUnits?.map(({ Id }) => Id)).toEqual(['ou-ab12-everybody']);
});

test('whoever may not list is refused, and what is not there is not found', async () => {
  const member = new OrganizationsClient(aws.config(MEMBER));
  expect(await failure(member.send(new ListAccountsCommand({})))).toMatchObject({ name: 'AccessDeniedException' });
  member.destroy();
  const unknown = new ListAccountsForParentCommand({ ParentId: 'ou-ab12-nosuchunit' });
  expect(await failure(client.send(unknown))).toMatchObject({ name: 'ParentNotFoundException', status: 400 });
  aws.sandbox.aws.organization = undefined;
  expect(await failure(client.send(new ListAccountsCommand({})))).toMatchObject({ name: 'AWSOrganizationsNotInUseException' });
});

test('regions: on by default, enabled, disabled, on their way', async () => {
  aws.sandbox.aws.optIn.set(`${HOME}/af-south-1`, 'ENABLING');
  const account = new AccountClient(aws.config());
  const first = await account.send(new ListRegionsCommand({}));
  expect(first.Regions).toHaveLength(20);
  const all = [...(first.Regions ?? []), ...((await account.send(new ListRegionsCommand({ NextToken: first.NextToken }))).Regions ?? [])];
  account.destroy();
  const status = (name: string) => all.find(({ RegionName }) => RegionName === name)?.RegionOptStatus;
  expect(['us-east-1', 'eu-central-2', 'eu-south-1', 'af-south-1'].map(status)).toEqual([
    'ENABLED_BY_DEFAULT',
    'ENABLED',
    'DISABLED',
    'ENABLING',
  ]);
});

test('a session has only what its policy leaves to it', async () => {
  const Policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: ['ses:ListEmailIdentities'], Resource: '*' }] });
  const assume = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'narrow', ExternalId: 'secret-word', Policy });
  const { Credentials } = await aws.sts().send(assume);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const ses = new SESv2Client({ ...aws.config(), credentials });
  const sts = new STSClient({ ...aws.config(), credentials });
  expect((await ses.send(new ListEmailIdentitiesCommand({}))).EmailIdentities).toHaveLength(1);
  expect(await failure(ses.send(new GetEmailIdentityCommand({ EmailIdentity: 'member.com' })))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('no session policy allows the ses:GetEmailIdentity action'),
  });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(MEMBER);
  for (const one of [ses, sts]) one.destroy();
  expect(aws.sandbox.aws.sessionPolicies).toEqual([Policy]);
});
