// The full panel about one identity: every server, the probes around what looks odd, the rest of the world's view; and the second round that confirms it.
import { validators } from '../diagnosis/dnssec.ts';
import { areTwoKeys } from '../diagnosis/two-keys.ts';
import { txtAtEnd } from '../dkim/answer-chain.ts';
import { looksRight, panelQuestions } from '../dkim/questions.ts';
import { type DnsEvidence, firstEvidence, type IdentityHistory, type RecordEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { Delegation, Lookup, NameServer, Question } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';
import type { Examinee, ExamineWorld } from './examine.ts';
import { isMailDoubted, mailRound } from './mail-look.ts';
import type { Dns } from './ports.ts';
import { withProbes } from './probes.ts';
import { askDmarc, askSesSide, isRefused, isRefusedBy, leadsNowhere, withBeyond, withResolvers, withResolversAgain } from './world-view.ts';

/** Delegation is asked for `_domainkey.<domain>`: that label may be a zone of its own. */
export const domainKeyName = (domain: DnsName): DnsName => dnsName(`_domainkey.${domain}`);

/** The first round, with the delegation looked up anew: the domain may have moved. `confirmed` is false if a second round is needed. */
export async function fullPanel(examinee: Examinee, world: ExamineWorld): Promise<DnsEvidence> {
  const { expectation, history } = examinee;
  const { dns } = world;
  const delegation = await dns.delegation(domainKeyName(expectation.domain), { fresh: true });
  if (delegation.kind !== 'delegated') {
    const confirmed = delegation.kind === 'unknown' || isKnown(history, 'domain-gone');
    return { level: 'panel', delegation, records: [], soa: [], soaConfirmation: [], confirmed };
  }
  const { servers, apex } = delegation;
  const soa = await askAll(dns, servers, [{ name: apex, type: 'SOA' }]);
  const asked = await Promise.all(expectation.records.map(async (record) => firstEvidence(record, await askRecord(dns, servers, record))));
  const doubtful = asked.filter(isDoubtful);
  const [seen, dmarc, sesSide, mail] = await Promise.all([
    withProbes(asked, doubtful, { examinee, apex, servers }, world).then((all) =>
      Promise.all(all.map(async (one) => withBeyond(await withResolvers(one, dns), dns))),
    ),
    askDmarc(expectation.domain, dns),
    askSesSide(examinee, delegation, dns),
    examinee.mailFrom === undefined ? undefined : mailRound(examinee.mailFrom, dns, { by: 'panel' }),
  ]);
  if (doubtful.length > 0) dns.forget(apex);
  const validation = seen.some(isRefused) ? await dns.validationControl() : undefined;
  // What only others see wrong needs a second look as well: refused by a resolver, or not one key behind records that are all there.
  const doubts = [
    ...(validation !== undefined && seen.some((one) => isRefusedBy(one, validators(validation))) ? (['dnssec-bogus'] as const) : []),
    ...(doubtful.length === 0 && examinee.emptyIsNormal !== true && seen.every(leadsNowhere) ? (['target-has-no-key'] as const) : []),
    ...(mail !== undefined && isMailDoubted(mail) ? (['mail-from-broken'] as const) : []),
  ];
  return {
    level: 'panel',
    delegation,
    records: seen,
    soa,
    soaConfirmation: [],
    ...(mail ? { mail: { first: mail } } : {}),
    dmarc,
    sesSide,
    ...(validation ? { validation } : {}),
    confirmed: doubtful.every((evidence) => wasConfirmed(history, evidence)) && doubts.every((kind) => isKnown(history, kind)),
  };
}

/** The same questions again on new sockets, of everybody. A domain said to be gone is looked up again. */
export async function secondRound(examinee: Examinee, first: DnsEvidence, world: ExamineWorld): Promise<DnsEvidence> {
  const { dns } = world;
  if (first.delegation?.kind !== 'delegated') {
    const again = await dns.delegation(domainKeyName(examinee.expectation.domain), { fresh: true });
    // Gone twice is gone; back again in between is for the next sweep to judge.
    const delegation = again.kind === 'delegated' ? changedItsMind(again) : again;
    return { ...first, delegation, confirmed: true };
  }
  const { servers, apex } = first.delegation;
  const soaConfirmation = await askAll(dns, servers, [{ name: apex, type: 'SOA' }], true);
  const records = await Promise.all(
    first.records.map(async (evidence) => ({
      ...(await withResolversAgain(evidence, dns)),
      confirmation: await askRecord(dns, servers, evidence.record, true),
    })),
  );
  const mail = first.mail && examinee.mailFrom ? { mail: await mailAgain(first.mail, examinee.mailFrom, dns) } : {};
  return { ...first, records, soaConfirmation, ...mail, confirmed: true };
}

/** Once more only where it looked wrong. */
async function mailAgain(mail: NonNullable<DnsEvidence['mail']>, domain: DnsName, dns: Dns): Promise<NonNullable<DnsEvidence['mail']>> {
  const second = isMailDoubted(mail.first) ? await mailRound(domain, dns, { by: 'panel', newSocket: true }) : undefined;
  return second === undefined ? mail : { ...mail, second };
}

function changedItsMind(now: Delegation): Delegation {
  return {
    kind: 'unknown',
    why: 'resolver-failed',
    detail: `The delegation was missing and came back within one sweep (${now.kind}).`,
    lookups: [],
  };
}

const txtOf = (lookups: readonly Lookup[]): readonly Lookup[] => lookups.filter(({ question }) => question.type === 'TXT');

/** Nobody shows the record right, somebody says otherwise, or two show two good keys. A server that is merely silent or lame beside one that is right is no doubt about the record. */
function isDoubtful({ record, lookups }: RecordEvidence): boolean {
  const asked = txtOf(lookups);
  const others = asked.filter((lookup) => !looksRight(lookup, record));
  const texts = asked.flatMap(({ outcome }) => (outcome.kind === 'answer' ? txtAtEnd(outcome.records, record.name).slice(0, 1) : []));
  if (areTwoKeys(record, texts)) return true;
  return others.length === asked.length || others.some(({ outcome }) => outcome.kind === 'answer' || outcome.kind === 'absent');
}

/** What an earlier sweep of the same spell confirmed of this record is not awaited again; an absence that is new is, and a repair seen halfway. */
function wasConfirmed(history: IdentityHistory | undefined, { record, lookups }: RecordEvidence): boolean {
  const repaired = lookups.some((lookup) => looksRight(lookup, record));
  if (history?.absentRecords?.includes(record.name) === true) return !repaired;
  return isKnown(history, record.name) && !lookups.some(({ outcome }) => outcome.kind === 'absent');
}

const isKnown = (history: IdentityHistory | undefined, what: string): boolean => history?.confirmedWrong?.includes(what) === true;

/** TXT of every server; CNAME only of those whose TXT answer leaves it open, since a name that does not exist has neither. */
async function askRecord(dns: Dns, servers: readonly NameServer[], record: ExpectedRecord, newSocket = false): Promise<readonly Lookup[]> {
  const each = await Promise.all(
    servers.map(async (server) => {
      const lookups: Lookup[] = [];
      for (const question of panelQuestions(record)) {
        if (question.type === 'CNAME' && settles(lookups[0], record)) continue;
        lookups.push(await dns.ask(server, question, newSocket ? { newSocket } : {}));
      }
      return lookups;
    }),
  );
  return each.flat();
}

function settles(txt: Lookup | undefined, record: ExpectedRecord): boolean {
  if (txt === undefined) return false;
  const { outcome } = txt;
  if (outcome.kind === 'absent') return outcome.how === 'nxdomain';
  return (
    looksRight(txt, record) ||
    (outcome.kind === 'answer' && outcome.records.some(({ type, name }) => type === 'CNAME' && name === record.name))
  );
}

async function askAll(
  dns: Dns,
  servers: readonly NameServer[],
  questions: readonly Question[],
  newSocket = false,
): Promise<readonly Lookup[]> {
  return Promise.all(questions.flatMap((question) => servers.map((server) => dns.ask(server, question, newSocket ? { newSocket } : {}))));
}
