// The same tree of accounts in moto's Organizations and in the sandbox's: the inventory reads the same from both.
import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type Organization, openOrganization } from '../../lambda/inventory/organization.ts';
import type { Region } from '../../lambda/model/names.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type Moto, startMoto } from './moto.ts';

const HOME = '111111111111';
const REGION = 'us-east-1' as Region;

let moto: Moto;
let sandbox: Sandbox;
let entries: readonly string[];
let inMoto: Organization;
let inSandbox: Organization;

/** A line whose client has the settings of the moment: the SDK reads them when it is opened, which is at the first question. */
async function opened(settings: Readonly<Record<string, string>>): Promise<Organization> {
  const before = { ...process.env };
  Object.assign(process.env, settings);
  delete process.env.AWS_SESSION_TOKEN;
  if (settings.AWS_SESSION_TOKEN !== undefined) process.env.AWS_SESSION_TOKEN = settings.AWS_SESSION_TOKEN;
  const organization = openOrganization({ region: REGION, clock: Date.now, callTimeoutMs: 10_000, maxAttempts: 1 });
  await organization.accountsOf('organization', Date.now() + 60_000);
  process.env = before;
  return organization;
}

beforeAll(async () => {
  moto = await startMoto();
  const keys = await moto.environment(`arn:aws:iam::${HOME}:role/administrator`);
  const client = new OrganizationsClient({
    region: REGION,
    endpoint: moto.endpoint,
    credentials: {
      accessKeyId: keys.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: keys.AWS_SESSION_TOKEN ?? '',
    },
  });
  const { Organization: made } = await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const root = (await client.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? '';
  const unit = async (ParentId: string, Name: string) =>
    (await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit?.Id ?? '';
  const account = async (unitId: string, name: string) => {
    const { CreateAccountStatus } = await client.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }));
    const AccountId = CreateAccountStatus?.AccountId ?? '';
    await client.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unitId }));
    return AccountId;
  };
  const production = await unit(root, 'production');
  const mail = await unit(production, 'mail');
  const shop = await account(production, 'shop');
  const mails = await account(mail, 'mails');
  const closed = await account(mail, 'closed');
  await client.send(new CloseAccountCommand({ AccountId: closed }));
  client.destroy();
  entries = ['organization', root, production, mail, `${mail.slice(0, -8)}00000000`];

  sandbox = await startSandbox({
    aws: { [HOME]: {} },
    dns: { zones: {} },
    organization: {
      id: made?.Id ?? '',
      management: HOME,
      root: { id: root, accounts: [HOME], units: [{ id: production, accounts: [shop], units: [{ id: mail, accounts: [mails, closed] }] }] },
      states: { [closed]: 'SUSPENDED' },
    },
  });
  inMoto = await opened({ ...keys, AWS_ENDPOINT_URL: moto.endpoint });
  inSandbox = await opened(sandbox.environment(HOME, REGION));
}, 60_000);

afterAll(async () => {
  inMoto?.close();
  inSandbox?.close();
  await sandbox?.close();
  moto?.close();
});

test('every entry is read alike: accounts with their states, nested units, what is unknown', async () => {
  for (const entry of entries) {
    const [one, other] = await Promise.all([inMoto, inSandbox].map((organization) => organization.accountsOf(entry, Date.now() + 60_000)));
    expect({ entry, read: ordered(one) }).toEqual({ entry, read: ordered(other) });
  }
  expect(await inMoto.accountsOf('organization', Date.now() + 60_000)).toMatchObject({
    kind: 'read',
    organization: expect.stringMatching(/^o-/),
  });
});

type Read = Awaited<ReturnType<Organization['accountsOf']>>;

/** No order is promised. */
function ordered(read: Read | undefined): unknown {
  return read?.kind === 'read' ? [...read.accounts].sort((a, b) => (a.id < b.id ? -1 : 1)) : read;
}
