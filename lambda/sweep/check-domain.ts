// One domain judged by DNS alone, or one identity as SES knows it: what `dkim-monitor check` does, without memory.
import { subjectOf } from '../alerts/beliefs.ts';
import { withMore } from '../diagnosis/across.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { dnsView } from '../diagnosis/dns-view.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { readEvidence } from '../diagnosis/reading.ts';
import { toReportFinding } from '../diagnosis/report-finding.ts';
import { unknownOf } from '../diagnosis/rules/identity-unknown.ts';
import { expectationOf } from '../dkim/expectation.ts';
import { stepsOfOne } from '../messages/unjudged-advice.ts';
import type { CheckedIdentity } from '../model/dns-view.ts';
import type { DnsEvidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Identity, Target } from '../model/identity.ts';
import type { AccountId, DnsName, Region } from '../model/names.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import { reportIdentity } from './assemble-report.ts';
import { examine, examineeFor } from './examine.ts';
import type { Clock, Dns, InventoryReader, Progress, Sleep } from './ports.ts';
import { type OneRead, readOne } from './read-one.ts';
import type { Tracer } from './tracer.ts';

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
  /** Sees what is asked, and when in the course of things. */
  readonly tracer?: Pick<Tracer, 'watch'>;
}

/** Ten minutes: far more than the bounded questions about one domain can take. */
const LONGEST_MS = 600_000;

/** Always the full panel: somebody asked because something seems wrong. */
export async function checkDomain(expected: Expected, world: CheckWorld): Promise<CheckedIdentity> {
  const { identity, keys } = expectedIdentity(expected, new Date(world.clock()).toISOString());
  const result = await judge(identity, { keys, dnsOnly: true }, world);
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

export type IdentityCheck = { readonly kind: 'checked'; readonly result: CheckedIdentity } | Exclude<OneRead, { kind: 'read' }>;

/** One identity as SES knows it in `target`, then as {@link checkDomain}. */
export async function checkIdentity(
  target: Target,
  domain: DnsName,
  keys: readonly ConfiguredKey[],
  world: CheckWorld & { readonly inventory: InventoryReader },
): Promise<IdentityCheck> {
  const read = await readOne(target, domain, world);
  return read.kind === 'read' ? { kind: 'checked', result: await judge(read.identity, { keys, dnsOnly: false }, world) } : read;
}

const NOT_ASKED: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false };

/** What there is to judge an identity by, besides DNS. */
export interface Grounds {
  readonly keys: readonly ConfiguredKey[];
  /** SES was not asked. */
  readonly dnsOnly: boolean;
  /** What was seen beside other identities. */
  readonly beside?: readonly Finding[];
}

/** One identity looked up in DNS, as far as it has records, and judged. */
export async function judge(identity: Identity, { keys, dnsOnly, beside = [] }: Grounds, world: CheckWorld): Promise<CheckedIdentity> {
  const now = new Date(world.clock()).toISOString();
  const expectation = expectationOf(identity, keys);
  const until = world.clock() + LONGEST_MS;
  const key = identity.identity;
  const examinees = expectation.kind === 'records' ? [examineeFor(identity, expectation, { history: undefined, fullPanel: true })] : [];
  const watched = world.tracer?.watch(world, expectation) ?? world;
  const evidence = await examine(examinees, { ...watched, until, rotation: 0, firstLook: true });
  const known = { identity, expectation, dns: evidence.get(key) ?? NOT_ASKED, history: undefined, now, dnsOnly };
  const diagnosis = withMore(diagnose(known), beside);
  const result = { identity, expectation, diagnosis, history: nextHistory(known, diagnosis), panel: true };
  const reported = reportIdentity(result, { policy: { mute: [] }, finishedAt: now, toPaste: world.toPaste, words: toReportFinding });
  const checked = { ...reported, dns: dnsView(known) };
  if (diagnosis.kind !== 'unknown') return checked;
  const riddle = unknownOf(readEvidence(known), diagnosis, { since: now, sweeps: 1 });
  const { reason, detail } = reported.unknown ?? diagnosis;
  return {
    ...checked,
    unknown: { reason, ...(detail === undefined ? {} : { detail }), fix: stepsOfOne({ subject: subjectOf(result), findings: [riddle] }) },
  };
}

/** What somebody typed, as if SES had told it: an identity in no account, and the key if one was given. `now` is ISO 8601 UTC. */
export function expectedIdentity(
  expected: Expected,
  now: string,
): { readonly identity: Identity; readonly keys: readonly ConfiguredKey[] } {
  const { domain } = expected;
  const identity: Identity = {
    account: '' as AccountId,
    region: '' as Region,
    identity: domain,
    type: 'domain',
    domain,
    method: expected.kind,
    tokens: expected.kind === 'easy' ? expected.tokens : [expected.selector],
    ...(expected.kind === 'easy' ? { hostedZone: expected.zone } : {}),
    ses: { status: 'UNKNOWN', readAt: now },
    tags: {},
  };
  const keys = expected.kind === 'byodkim' ? [{ identity: domain, selector: expected.selector, publicKey: expected.publicKey }] : [];
  return { identity, keys };
}
