// One domain judged by DNS alone, or one identity as SES knows it: what `dkim-monitor check` does, without memory.
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { DnsEvidence } from '../model/evidence.ts';
import type { Identity, Inventory, Target } from '../model/identity.ts';
import type { AccountId, DnsName, Region } from '../model/names.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import type { ReportIdentity } from '../model/report.ts';
import { reportIdentity } from './assemble-report.ts';
import { examine, examineeFor } from './examine.ts';
import type { Clock, Dns, InventoryReader, Progress, Sleep } from './ports.ts';

/** What ought to be published, as somebody typed it. */
export type Expected =
  | { readonly kind: 'easy'; readonly domain: DnsName; readonly tokens: readonly string[]; readonly zone: DnsName }
  | { readonly kind: 'byodkim'; readonly domain: DnsName; readonly selector: string; readonly publicKey?: string };

export interface CheckWorld {
  readonly dns: Dns;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly randomLabel: () => string;
  readonly confirmAfterMs: number;
  /** See {@link reportIdentity}. */
  readonly toPaste: boolean;
  readonly progress?: Progress;
}

/** Ten minutes: far more than the bounded questions about one domain can take. */
const LONGEST_MS = 600_000;

/** Always the full panel: somebody asked because something seems wrong. */
export async function checkDomain(expected: Expected, world: CheckWorld): Promise<ReportIdentity> {
  const keys =
    expected.kind === 'byodkim' ? [{ identity: expected.domain, selector: expected.selector, publicKey: expected.publicKey }] : [];
  const result = await judged(identityOf(expected, new Date(world.clock()).toISOString()), keys, true, world);
  if (expected.kind !== 'easy' || expected.tokens.length >= EASY_TOKENS || result.diagnosis !== 'healthy') return result;
  // SES demands all three records: what was not asked about cannot be called healthy.
  const given = expected.tokens.length;
  return {
    ...result,
    diagnosis: 'unknown',
    unknown: {
      reason: 'no-expectation',
      detail: `Easy DKIM has three records and ${given === 1 ? 'one token was' : 'two tokens were'} given: what was asked about is right, the rest is not known.`,
    },
  };
}

const EASY_TOKENS = 3;

export type IdentityCheck =
  | { readonly kind: 'checked'; readonly result: ReportIdentity }
  | { readonly kind: 'no-such-identity' }
  /** SES could not be asked: throttled, denied, off or broken. A sweep names the reason. */
  | { readonly kind: 'not-read' };

/** One identity as SES knows it in `target`, then as {@link checkDomain}. */
export async function checkIdentity(
  target: Target,
  domain: DnsName,
  keys: readonly ConfiguredKey[],
  world: CheckWorld & { readonly inventory: InventoryReader },
): Promise<IdentityCheck> {
  const unread: Identity = {
    ...target,
    identity: domain,
    type: 'domain',
    domain,
    method: 'none',
    tokens: [],
    ses: { status: 'UNKNOWN', readAt: NEVER },
    tags: {},
  };
  const alone: Inventory = { ...target, complete: true, identities: [unread], unread: [] };
  const { identities } = await world.inventory.freshen(target, alone, [domain], { maxDetails: 1, until: world.clock() + READ_MS });
  const [identity] = identities;
  if (identity === undefined) return { kind: 'no-such-identity' };
  if (identity.ses.readAt === NEVER) return { kind: 'not-read' };
  return { kind: 'checked', result: await judged(identity, keys, false, world) };
}

/** When the facts of an identity that SES was never asked about were read. */
const NEVER = '1970-01-01T00:00:00.000Z';
const READ_MS = 60_000;

const NOT_ASKED: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false };

async function judged(identity: Identity, keys: readonly ConfiguredKey[], dnsOnly: boolean, world: CheckWorld): Promise<ReportIdentity> {
  const now = new Date(world.clock()).toISOString();
  const expectation = expectationOf(identity, keys);
  const until = world.clock() + LONGEST_MS;
  const key = identity.identity;
  const examinees = expectation.kind === 'records' ? [examineeFor(identity, expectation, { history: undefined, fullPanel: true })] : [];
  const evidence = await examine(examinees, { ...world, until, rotation: 0 });
  const known = { identity, expectation, dns: evidence.get(key) ?? NOT_ASKED, history: undefined, now, dnsOnly };
  const diagnosis = diagnose(known);
  const result = { identity, expectation, diagnosis, history: nextHistory(known, diagnosis), panel: true };
  return reportIdentity(result, { policy: { mute: [] }, finishedAt: now, toPaste: world.toPaste });
}

function identityOf(expected: Expected, now: string): Identity {
  return {
    // No account was asked.
    account: '' as AccountId,
    region: '' as Region,
    identity: expected.domain,
    type: 'domain',
    domain: expected.domain,
    method: expected.kind,
    tokens: expected.kind === 'easy' ? expected.tokens : [expected.selector],
    ...(expected.kind === 'easy' ? { hostedZone: expected.zone } : {}),
    ses: { status: 'UNKNOWN', readAt: now },
    tags: {},
  };
}
