// The identities of a whole estate seen side by side, though never more than a piece of them is in memory.
import { besideOthers, type Read, sidesByDomain, works } from '../diagnosis/across.ts';
import type { SetupSide } from '../model/finding.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { IdentityResult, TargetReport } from '../model/report.ts';
import { type NameBits, nameBits } from './name-bits.ts';
import type { RunReports, RunTarget } from './run-reports.ts';

/** The estate, target by target, its identities seen beside those of all targets. */
export interface Estate {
  /** Results in turn, a piece at a time; `head` stands with the last of each target. */
  walk(): AsyncGenerator<{ readonly target: RunTarget; readonly head?: TargetReport; readonly results: readonly IdentityResult[] }>;
  /** `account/domain` of an identity that is not well may be in it; no other is left out. */
  readonly troubled: NameBits;
  /** Those domains of the estate that one of the alert addresses may lie on. */
  readonly domains: ReadonlySet<string>;
}

/** What a first look at each identity notes, for a second look that sees them side by side. */
export interface FirstLook {
  readonly note: (target: Target, result: IdentityResult) => void;
  /** `reports` are those of which every result was noted. */
  readonly beside: (reports: RunReports, overriding: ReadonlyMap<string, string>) => Promise<Estate>;
}

/** A first look, for alert addresses that may lie on a domain of the estate. All are looked at once more where a domain may work in one place and not in another. */
export function firstLook(addresses: readonly string[]): FirstLook {
  const [well, unwell, troubled] = [nameBits(), nameBits(), nameBits()];
  const asked = new Set(addresses.flatMap(domainsAbove));
  const domains = new Set<string>();
  const withAddresses = new Set<string>();
  let mayDiffer = false;
  return {
    note(target, result) {
      const { identity, diagnosis } = result;
      if (identity.type === 'address') withAddresses.add(targetKey(target));
      if (identity.domain !== undefined && asked.has(identity.domain)) domains.add(identity.domain);
      if (diagnosis.kind !== 'healthy') troubled.add(`${identity.account}/${identity.identity}`);
      if (identity.type !== 'domain') return;
      const [own, other] = works(result) ? [well, unwell] : [unwell, well];
      own.add(identity.identity);
      mayDiffer ||= other.mayHave(identity.identity);
    },
    async beside({ targets }, overriding) {
      const sides = mayDiffer ? await differing(targets, (name) => well.mayHave(name) && unwell.mayHave(name)) : new Map();
      return {
        troubled,
        domains,
        async *walk() {
          for (const target of targets) {
            const domainsHere = withAddresses.has(targetKey(target.head)) ? await domainsOfTarget(target) : new Map<string, Read>();
            const beside = besideOthers(target.head, domainsHere, sides, overriding);
            for await (const results of target.results()) yield { target, results: results.map(beside) };
            yield { target, head: target.head, results: [] };
          }
        },
      };
    },
  };
}

/** Of the domains that may differ between targets, who they are. */
async function differing(
  targets: readonly RunTarget[],
  mayDiffer: (name: string) => boolean,
): Promise<ReadonlyMap<string, readonly SetupSide[]>> {
  const some: IdentityResult[] = [];
  for (const target of targets)
    for await (const results of target.results())
      for (const result of results) if (result.identity.type === 'domain' && mayDiffer(result.identity.identity)) some.push(bare(result));
  return sidesByDomain(some);
}

/** Without what was asked and found: a comparison needs none of it. */
function bare({ identity, expectation, diagnosis, history, panel }: IdentityResult): IdentityResult {
  return { identity, expectation, diagnosis, history, panel };
}

/** What SES says of the domains of one target: an address is judged beside them. */
async function domainsOfTarget(target: RunTarget): Promise<ReadonlyMap<string, Read>> {
  const domains = new Map<string, Read>();
  for await (const results of target.results())
    for (const { identity } of results) {
      const { type, ses, domain, provisional } = identity;
      const read = { ses, ...(domain === undefined ? {} : { domain }), ...(provisional === true ? { provisional } : {}) };
      if (type === 'domain') domains.set(identity.identity, { identity: read });
    }
  return domains;
}

/** The domains that mail to an address hangs on. */
function domainsAbove(address: string): readonly string[] {
  const labels = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.');
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
}
