// What the rest of the world sees, beside the domain's own servers: the resolvers, with and without DNSSEC, the DMARC policy, and the server that SES looked at.
import { refusing } from '../diagnosis/dnssec.ts';
import { cnameChain, cnameTargets, txtAtEnd } from '../dkim/answer-chain.ts';
import { dmarcPolicy } from '../dkim/dmarc.ts';
import { dmarcNames } from '../dkim/questions.ts';
import { maySeeNoKey } from '../dkim/resolver-view.ts';
import type { RecordEvidence } from '../model/evidence.ts';
import type { Delegation, Lookup } from '../model/lookup.ts';
import { type DnsName, parseDnsName } from '../model/names.ts';
import type { Examinee } from './examine.ts';
import type { Dns } from './ports.ts';

/** Adds the resolvers' view of the record, and once more without validation where one of them fails. */
export async function withResolvers(evidence: RecordEvidence, dns: Dns): Promise<RecordEvidence> {
  const question = { name: evidence.record.name, type: 'TXT' } as const;
  const resolvers = await dns.askResolvers(question);
  const unchecked = resolvers.some(isServfail) ? await dns.askResolvers(question, { checkingDisabled: true }) : [];
  return { ...evidence, resolvers, unchecked };
}

/** Targets followed from one record. */
const MAX_TARGETS = 3;

/** Adds where CNAMEs found at the record's name end, if neither the domain's own servers nor the resolvers have shown it: those may not get past the name. */
export async function withBeyond(evidence: RecordEvidence, dns: Dns): Promise<RecordEvidence> {
  const { record, lookups, resolvers } = evidence;
  const recordsIn = ({ outcome }: Lookup) => (outcome.kind === 'answer' ? outcome.records : []);
  const shown = new Set([
    ...resolvers.map((lookup) => cnameChain(recordsIn(lookup), record.name)[0]),
    ...lookups.map((lookup) => cnameChain(recordsIn(lookup), record.name)).flatMap((chain) => (leadsRight(chain, record) ? chain[0] : [])),
  ]);
  const open = [...new Set(lookups.flatMap((lookup) => cnameTargets(recordsIn(lookup), record.name)))].filter(
    (target) => !shown.has(target),
  );
  const names = open.slice(0, MAX_TARGETS).flatMap((target) => {
    const parsed = parseDnsName(target);
    return parsed.ok ? [parsed.value] : [];
  });
  if (names.length === 0) return evidence;
  return { ...evidence, beyond: (await Promise.all(names.map((name) => dns.askResolvers({ name, type: 'TXT' })))).flat() };
}

const leadsRight = (chain: readonly string[], record: RecordEvidence['record']): boolean =>
  record.type === 'CNAME' && chain.includes(record.target);

/** The same again for a record that only the resolvers see wrong. */
export async function withResolversAgain(evidence: RecordEvidence, dns: Dns): Promise<RecordEvidence> {
  if (!isRefused(evidence) && !leadsNowhere(evidence)) return evidence;
  const { resolvers: resolversAgain, unchecked: uncheckedAgain } = await withResolvers(evidence, dns);
  return { ...evidence, resolversAgain, uncheckedAgain };
}

const isServfail = ({ outcome }: Lookup): boolean => outcome.kind === 'broken' && outcome.how === 'servfail';

const isHeard = ({ outcome }: Lookup): boolean => outcome.kind === 'answer' || outcome.kind === 'absent';

/** A resolver fails that answers as soon as it does not validate. */
export const isRefused = (evidence: RecordEvidence): boolean => refusing(evidence.resolvers, evidence.unchecked).length > 0;

/** The same of one of these resolvers. */
export const isRefusedBy = ({ resolvers, unchecked }: RecordEvidence, those: ReadonlySet<string>): boolean =>
  refusing(resolvers, unchecked).some((name) => those.has(name));

/** The resolvers that answer find no key where the CNAME ends. */
export const leadsNowhere = ({ record, resolvers }: RecordEvidence): boolean => maySeeNoKey(record, resolvers);

/** The domain's DMARC policy as the resolvers see it: its own, or, as far as there is none, that of its organizational domain. */
export async function askDmarc(domain: DnsName, dns: Dns): Promise<readonly Lookup[]> {
  const lookups: Lookup[] = [];
  for (const name of dmarcNames(domain)) {
    const asked = await dns.askResolvers({ name, type: 'TXT' });
    lookups.push(...asked);
    // A wildcard answers here too, and is no policy.
    const found = asked.some(({ outcome }) => outcome.kind === 'answer' && dmarcPolicy(txtAtEnd(outcome.records, name)) !== undefined);
    if (found || !asked.some(isHeard)) break;
  }
  return lookups;
}

/** TXT at the records' names, of the primary name server that SES says it looked at, where that is none of the domain's own. */
export async function askSesSide(
  { expectation, sesPrimary }: Examinee,
  delegation: Extract<Delegation, { kind: 'delegated' }>,
  dns: Dns,
): Promise<readonly Lookup[]> {
  const ours =
    [...delegation.servers, ...delegation.unusable].some(({ name }) => name === sesPrimary) || delegation.soaPrimary === sesPrimary;
  if (sesPrimary === undefined || ours) return [];
  const [server] = await dns.serversNamed(sesPrimary);
  if (server === undefined) return [];
  return Promise.all(expectation.records.map(({ name }) => dns.ask(server, { name, type: 'TXT' })));
}
