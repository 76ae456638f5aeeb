// One domain judged by DNS alone: what `dkim-monitor check` does, without SES and without memory.
import { diagnose } from '../diagnosis/diagnose.ts';
import { nextHistory } from '../diagnosis/history.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { Identity } from '../model/identity.ts';
import type { AccountId, DnsName, Region } from '../model/names.ts';
import type { ReportIdentity } from '../model/report.ts';
import { reportIdentity } from './assemble-report.ts';
import { examine } from './examine.ts';
import type { Clock, Dns, Progress, Sleep } from './ports.ts';

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
  readonly progress?: Progress;
}

/** Ten minutes: far more than the bounded questions about one domain can take. */
const LONGEST_MS = 600_000;

/** Always the full panel: somebody asked because something seems wrong. */
export async function checkDomain(expected: Expected, world: CheckWorld): Promise<ReportIdentity> {
  const now = new Date(world.clock()).toISOString();
  const identity = identityOf(expected, now);
  const keys =
    expected.kind === 'byodkim' ? [{ identity: expected.domain, selector: expected.selector, publicKey: expected.publicKey }] : [];
  const expectation = expectationOf(identity, keys);
  if (expectation.kind !== 'records') throw new Error(`nothing to expect for ${expected.domain}: ${JSON.stringify(expectation)}`);
  const until = world.clock() + LONGEST_MS;
  const evidence = await examine([{ key: expected.domain, expectation, history: undefined, fullPanel: true }], {
    ...world,
    until,
    rotation: 0,
  });
  const dns = evidence.get(expected.domain);
  if (dns === undefined) throw new Error('examine() gave no evidence');
  const known = { identity, expectation, dns, history: undefined, now, dnsOnly: true };
  const diagnosis = diagnose(known);
  const result = { identity, expectation, diagnosis, history: nextHistory(known, diagnosis), panel: true };
  return reportIdentity(result, { policy: { mute: [] }, finishedAt: now });
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
