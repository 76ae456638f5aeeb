// Findings that only show when identities are seen side by side: an address beside its domain, one domain in several targets. Pure.
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Finding, SetupSide } from '../model/finding.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { IdentityResult, TargetReport } from '../model/report.ts';
import { finding } from './rule.ts';
import { areBroken } from './severity.ts';

/** Kinds that are told once for several targets: the report lists them apart from the identities. */
export const ACROSS_TARGETS: ReadonlySet<Finding['kind']> = new Set<Finding['kind']>(['setup-differs']);

/** Places listed in one finding. */
const MAX_SIDES = 40;

/**
 * The same reports, with what is only seen across identities added to the identity that it is about. Work grows with the number of identities.
 * What could not be read is never taken for absent: an address is without its domain only by a complete inventory.
 * `overriding`: the addresses of which it was said before that they override their domain's DKIM, by `account/region/identity`, and that domain.
 */
export function withFindingsAcross(
  reports: readonly TargetReport[],
  overriding: ReadonlyMap<string, string> = new Map(),
): readonly TargetReport[] {
  const sides = sidesByDomain(reports.flatMap(({ results }) => results));
  return reports.map((report) => {
    const results = report.results.map(besideOthers(report, domainsOf(report.results), sides, overriding));
    return results.some((result, i) => result !== report.results[i]) ? { ...report, results } : report;
  });
}

/** The domains among the results of one target, by name. */
export const domainsOf = (results: readonly IdentityResult[]): ReadonlyMap<string, Read> =>
  new Map(results.flatMap((result) => (result.identity.type === 'domain' ? [[result.identity.identity, result] as const] : [])));

/**
 * Returns the function that adds to each result of one target what is only seen beside others: `domains` of the target, `sides` of all targets
 * ({@link sidesByDomain}). For whoever does not hold all results at once; see {@link withFindingsAcross}.
 */
export function besideOthers(
  report: Pick<TargetReport, 'account' | 'region' | 'unread' | 'inventoryComplete'>,
  domains: ReadonlyMap<string, Read>,
  sides: ReadonlyMap<string, readonly SetupSide[]>,
  overriding: ReadonlyMap<string, string>,
): (result: IdentityResult) => IdentityResult {
  const unread = new Set(report.unread.map(({ identity }) => identity));
  return (result) => {
    if (result.identity.type === 'address') {
      const known = overriding.get(`${targetKey(report)}/${result.identity.identity}`);
      const added = aboutAddress(result, { domains, unread, complete: report.inventoryComplete, known });
      return added.length === 0 ? result : { ...result, diagnosis: withMore(result.diagnosis, added) };
    }
    const all = sides.get(result.identity.identity) ?? [];
    const fineIn = result.diagnosis.kind === 'broken' ? fineSides(all) : [];
    const added = aboutDomain(result, all);
    if (added.length === 0 && fineIn.length === 0) return result;
    return { ...result, diagnosis: withMore(result.diagnosis, added), ...(fineIn.length > 0 ? { fineIn } : {}) };
  };
}

/** The diagnosis with what is only seen beside other identities. */
export function withMore(diagnosis: Diagnosis, added: readonly Finding[]): Diagnosis {
  const findings = [...diagnosis.findings, ...added];
  return diagnosis.kind === 'healthy' && areBroken(added) ? { kind: 'broken', findings } : { ...diagnosis, findings };
}

/** An identity of which only the word of SES counts. */
export interface Read {
  readonly identity: Pick<IdentityResult['identity'], 'ses' | 'domain' | 'provisional'>;
}

/** What is known of the identities beside an address in its target. */
export interface Neighbours {
  readonly domains: ReadonlyMap<string, Read>;
  readonly unread: ReadonlySet<string>;
  readonly complete: boolean;
  /** The domain whose DKIM the address was said to override before. */
  readonly known: string | undefined;
}

/**
 * By the nearest domain identity at or above the address's own domain: SES lets a domain speak for those below it. What was said before stays
 * said while nobody can tell whether that domain signs: a domain in doubt, or not read in this sweep, has not mended its address.
 */
export function aboutAddress(result: Read, { domains, unread, complete, known }: Neighbours): readonly Finding[] {
  const { domain, ses, provisional } = result.identity;
  // Nobody is told of what rests on the listing and on SES v1 alone.
  if (domain === undefined || provisional === true) return [];
  let unknownAbove = false;
  const unsigned = ses.signing === false || ses.status === 'NOT_STARTED';
  for (const name of upwards(domain)) {
    unknownAbove ||= unread.has(name);
    const above = domains.get(name);
    if (above === undefined) continue;
    unknownAbove ||= above.identity.provisional === true;
    // Of both by the word of SES alone: what it did not say is no "no", and a domain whose DNS is silent has not mended its address.
    const certain = isSigned(above) && !unknownAbove;
    const kept = known !== undefined && (isSigned(above) || isInDoubt(above));
    return unsigned && (certain || kept) ? [finding('address-overrides-domain', 'warning', { domain: name })] : [];
  }
  if (known !== undefined && unsigned && (unread.has(known) || !complete))
    return [finding('address-overrides-domain', 'warning', { domain: known })];
  return complete && !unknownAbove ? [finding('address-without-domain', 'notice', { domain })] : [];
}

/** A domain and those above it, which may speak for it, the nearest first. */
export function upwards(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
}

const isSigned = ({ identity: { ses } }: Read): boolean => ses.status === 'SUCCESS' && ses.signing === true;

/** SES does not say, this time, whether it signs for the domain. */
const isInDoubt = ({ identity: { ses } }: Read): boolean =>
  ses.status === 'TEMPORARY_FAILURE' || ses.status === 'UNKNOWN' || (ses.status === 'SUCCESS' && ses.signing === undefined);

/** True if DKIM of the domain is as it should be, by SES and by DNS. */
export const works = (result: IdentityResult): boolean => isSigned(result) && result.diagnosis.kind === 'healthy';

/** DKIM never begun, given up, or switched off: what somebody forgot to do in one place and did in another. */
const isForgotten = ({ identity: { ses, provisional }, diagnosis }: IdentityResult): boolean =>
  provisional !== true &&
  (ses.status === 'NOT_STARTED' || ses.status === 'FAILED' || (ses.status === 'SUCCESS' && ses.signing === false)) &&
  !diagnosis.findings.some(({ kind }) => EXPLAINED.has(kind));

/** What explains it better than a comparison does. */
const EXPLAINED: ReadonlySet<Finding['kind']> = new Set<Finding['kind']>(['identity-abandoned', 'domain-gone', 'replica-broken']);

/** The targets of each domain that works in one of them and not in another. Results in the order of the targets; those of other domains may be left out. */
export function sidesByDomain(results: Iterable<IdentityResult>): ReadonlyMap<string, readonly SetupSide[]> {
  const sides = new Map<string, SetupSide[]>();
  for (const result of results) {
    if (result.identity.type !== 'domain') continue;
    const same = sides.get(result.identity.identity);
    if (same) same.push(sideOf(result));
    else sides.set(result.identity.identity, [sideOf(result)]);
  }
  for (const [domain, all] of sides) if (!all.some(({ fine }) => fine) || all.every(({ fine }) => fine)) sides.delete(domain);
  return sides;
}

/** One target of a domain, as a comparison shows it. */
function sideOf(result: IdentityResult): SetupSide {
  const { account, region, method, ses } = result.identity;
  return {
    account,
    region,
    method,
    status: ses.status,
    ...(ses.signing === undefined ? {} : { signing: ses.signing }),
    fine: works(result),
  };
}

const fineSides = (sides: readonly SetupSide[]): readonly Target[] =>
  sides
    .filter(({ fine }) => fine)
    .slice(0, MAX_SIDES)
    .map(({ account, region }) => ({ account, region }) as Target);

function aboutDomain(result: IdentityResult, sides: readonly SetupSide[]): readonly Finding[] {
  if (sides.length === 0 || !isForgotten(result)) return [];
  const own = targetKey(result.identity);
  // Its own place first, then where all is well.
  const rank = (side: SetupSide): number => (`${side.account}/${side.region}` === own ? 0 : side.fine ? 1 : 2);
  const listed = [...sides].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_SIDES);
  return [finding('setup-differs', 'warning', { sides: listed })];
}
