// Two accounts in the sandbox, and an inventory that reads them on a clock which only sleeping moves.
import { type InventoryOptions, openInventory } from '../../lambda/inventory/open-inventory.ts';
import type { Inventory, Target } from '../../lambda/model/identity.ts';
import { type AccountId, parseAccountId, parseRegion, type Region } from '../../lambda/model/names.ts';
import type { SesIdentity } from '../../sandbox/aws/aws-world.ts';
import { easyIdentity } from '../../sandbox/aws/identities.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

export const HOME = accountId('111111111111');
export const MEMBER = accountId('222222222222');
export const EXTERNAL_ID = 'a-secret-external-id-of-the-estate';
export const ROLE = 'ses-dkim-monitor-read';

export function accountId(text: string): AccountId {
  const parsed = parseAccountId(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export function regionOf(text: string): Region {
  const parsed = parseRegion(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export const target = (account: AccountId, region: string): Target => ({ account, region: regionOf(region) });
export const AT_HOME = target(HOME, 'eu-west-1');
export const IN_MEMBER = target(MEMBER, 'us-east-1');

export interface Estate {
  readonly sandbox: Sandbox;
  /** The time that sleeping moves, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly pass: (ms: number) => void;
  open(options?: Partial<InventoryOptions>): ReturnType<typeof openInventory>;
  close(): Promise<void>;
}

const SETTINGS = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_EC2_METADATA_DISABLED'];

/** Starts the estate and points the SDK's standard settings of this process at it, as the home account. */
export async function smallEstate(): Promise<Estate> {
  let time = Date.now();
  const now = () => time;
  const member = { name: ROLE, trusts: HOME, externalId: EXTERNAL_ID };
  const sandbox = await startSandbox({ aws: { [HOME]: {}, [MEMBER]: { roles: [member] } }, dns: { zones: {} } }, { clock: now });
  const before = Object.fromEntries(SETTINGS.map((name) => [name, process.env[name]]));
  Object.assign(process.env, sandbox.environment(HOME, 'eu-west-1'), {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  const opened: ReturnType<typeof openInventory>[] = [];
  return {
    sandbox,
    now,
    pass: (ms) => {
      time += ms;
    },
    open(options = {}) {
      const inventory = openInventory({
        accounts: [{ id: HOME }, { id: MEMBER, roleName: ROLE, externalId: EXTERNAL_ID }],
        homeAccount: HOME,
        clock: now,
        sleep: async (ms) => {
          time += ms;
        },
        random: () => 0.5,
        ...options,
      });
      opened.push(inventory);
      return inventory;
    },
    async close() {
      for (const inventory of opened) inventory.close();
      await sandbox.close();
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}

/** `count` healthy Easy DKIM domains, `d0000.example.com` and on. */
export function domains(count: number, region = 'eu-west-1'): readonly SesIdentity[] {
  return Array.from({ length: count }, (_, i) => easyIdentity(`d${String(i).padStart(4, '0')}.example.com`, { region }));
}

export const namesOf = (inventory: Inventory): readonly string[] => inventory.identities.map(({ identity }) => identity);

/** Far enough in the future for anything. */
export const NO_HURRY = 24 * 3_600_000;
