// Asks DNS about the identities of a target: who is asked about, how closely, and what of it may be used again when SES's facts are renewed.
import { abandonedSince } from '../diagnosis/abandoned.ts';
import { isOverdue } from '../diagnosis/overdue.ts';
import { expectationOf } from '../dkim/expectation.ts';
import type { DnsEvidence, IdentityHistory } from '../model/evidence.ts';
import type { Identity, Target } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import { type Examinee, examine, examineeFor } from './examine.ts';
import type { Histories } from './target-memory.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';
import { askDmarc } from './world-view.ts';

/** What was learned about an identity, and what was asked for: where something else is wanted, it is worthless. */
export interface Seen {
  readonly wanted: string;
  /** The name server that SES had looked at by then. */
  readonly sesPrimary: string | undefined;
  readonly evidence: DnsEvidence;
}
export type SeenAll = ReadonlyMap<string, Seen>;

/** Nothing was asked. */
export const NOT_ASKED: DnsEvidence = { level: 'none', records: [], soa: [], soaConfirmation: [], confirmed: false };

/** The records, and the MAIL FROM domain. */
export const wantedBy = (identity: Identity, plan: SweepTargetPlan): string =>
  JSON.stringify([expectationOf(identity, plan.keys), identity.ses.mailFrom?.domain]);

/** What was learned of it, if that is what is wanted of it now. */
export function evidenceOf(seen: SeenAll, identity: Identity, plan: SweepTargetPlan): DnsEvidence {
  const known = seen.get(identity.identity);
  return known?.wanted === wantedBy(identity, plan) ? known.evidence : NOT_ASKED;
}

/** DNS about these identities, out of `all` of the target. Each gets an entry, also where nothing is to be asked. */
export async function lookAt(
  target: Target,
  identities: readonly Identity[],
  histories: Histories,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
  all: readonly Identity[] = identities,
): Promise<SeenAll> {
  const { dns, clock, sleep, randomLabel, progress } = world;
  const { confirmAfterMs, until, rotation, firstLookShare } = plan;
  const children = childrenOf(all);
  const examinees = identities
    .map((identity) =>
      examineeOf(identity, { history: histories[identity.identity], children: children.get(identity.identity) ?? [] }, plan),
    )
    .filter((examinee) => examinee !== undefined);
  const found = await examine(examinees, {
    dns,
    clock,
    sleep,
    randomLabel,
    confirmAfterMs,
    until,
    rotation,
    ...(firstLookShare === undefined ? {} : { firstLookShare }),
    ...(progress ? { progress: (event) => progress({ ...event, target }) } : {}),
  });
  const seen = await Promise.all(
    identities.map(async (identity): Promise<[string, Seen]> => {
      const evidence = found.get(identity.identity) ?? (await withoutRecords(identity, plan, world));
      return [identity.identity, { wanted: wantedBy(identity, plan), sesPrimary: identity.ses.soa?.primaryNameServer, evidence }];
    }),
  );
  return new Map(seen);
}

/** Of a domain without DKIM no record can be asked for; what its mail meets without a signature stands in its policy all the same. */
async function withoutRecords(identity: Identity, plan: SweepTargetPlan, { dns, clock }: SweepTargetWorld): Promise<DnsEvidence> {
  const { type, domain } = identity;
  const wanted = type === 'domain' && domain !== undefined && expectationOf(identity, plan.keys).kind === 'nothing';
  return wanted && plan.suspected(identity) && clock() < plan.until ? { ...NOT_ASKED, dmarc: await askDmarc(domain, dns) } : NOT_ASKED;
}

/** The domains among the identities that lie below another of them, by the upper one's name. */
function childrenOf(identities: readonly Identity[]): ReadonlyMap<string, readonly DnsName[]> {
  const domains = new Set(identities.flatMap(({ type, domain }) => (type === 'domain' && domain !== undefined ? [domain] : [])));
  const children = new Map<string, DnsName[]>();
  for (const domain of domains)
    for (let at: string = domain; at.includes('.'); ) {
      at = at.slice(at.indexOf('.') + 1);
      if (!domains.has(at as DnsName)) continue;
      const known = children.get(at);
      if (known) known.push(domain);
      else children.set(at, [domain]);
    }
  return children;
}

function examineeOf(
  identity: Identity,
  { history, children }: { readonly history: IdentityHistory | undefined; readonly children: readonly DnsName[] },
  plan: SweepTargetPlan,
): Examinee | undefined {
  const expectation = expectationOf(identity, plan.keys);
  // Of one that was never finished and is forgotten nothing else is told: thousands of them must cost no question.
  if (expectation.kind !== 'records' || abandonedSince({ identity, history, now: plan.now }) !== undefined) return undefined;
  const { status } = identity.ses;
  // SES publishes keys while it signs, and before that in its own time.
  const keysDue = status === 'SUCCESS' || status === 'TEMPORARY_FAILURE' || isOverdue(identity, history, plan.now);
  const fullPanel = wantsPanel(identity, history, plan);
  return examineeFor(identity, expectation, { history, children, fullPanel, ...(keysDue ? {} : { emptyIsNormal: true }) });
}

/**
 * An alert is open or suspected, or SES itself says that something is wrong: then all there is to know is asked at once, so that the first message
 * names the cause, and what it costs, and no second one has to correct it.
 */
function wantsPanel(identity: Identity, history: IdentityHistory | undefined, plan: SweepTargetPlan): boolean {
  if (history?.brokenSince !== undefined || history?.unknownSince !== undefined || history?.serverTroubleSweeps !== undefined) return true;
  const { status, signing } = identity.ses;
  const troubled = status === 'TEMPORARY_FAILURE' || status === 'FAILED' || (status === 'SUCCESS' && signing === false);
  return troubled || isOverdue(identity, history, plan.now) || plan.suspected(identity);
}
