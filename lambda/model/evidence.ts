// Everything that was learned about one identity's records in one sweep; the only thing the rules look at besides SES's facts and history.
import type { Expectation, ExpectedRecord } from './expectation.ts';
import type { Identity } from './identity.ts';
import type { Delegation, Lookup } from './lookup.ts';
import type { DnsName } from './names.ts';

/** What was asked about one expected record. Authoritative lookups unless said otherwise. */
export interface RecordEvidence {
  readonly record: ExpectedRecord;
  /** First round: TXT at the record's name; in a panel also CNAME; one entry for each server and type. */
  readonly lookups: readonly Lookup[];
  /** Second round (`confirmAfter` later, new sockets): the same questions again, of every server. Empty in a quick look or where nothing was doubtful. */
  readonly confirmation: readonly Lookup[];
  /** TXT at `<name>.<zone apex>` and `<name>.<domain>`: the doubled names. */
  readonly doubled: readonly Lookup[];
  /** TXT at a random label beside the record (`<random>._domainkey.<domain>`): shows wildcards. */
  readonly beside: readonly Lookup[];
  /** The same wildcard probe beside the doubled names (`<random>._domainkey.<domain>.<apex>`…). */
  readonly besideDoubled: readonly Lookup[];
  /** TXT at the names where slips put records (MisplacedHow), and the wildcard probe beside those where something was found. */
  readonly misplaced: readonly Lookup[];
  readonly besideMisplaced: readonly Lookup[];
  /** A at the record's name, where a CNAME is expected and the name exists without one; and at the random label beside it. */
  readonly addresses: readonly Lookup[];
  readonly besideAddresses: readonly Lookup[];
  /** What the configured resolvers say to TXT at the record's name. */
  readonly resolvers: readonly Lookup[];
  /** The same without validation of DNSSEC (CD), where a resolver said SERVFAIL. */
  readonly unchecked: readonly Lookup[];
  /** What they say to TXT at the targets of CNAMEs found here, where nobody had shown yet where those end. */
  readonly beyond?: readonly Lookup[];
  /** Both again in the second round, where the resolvers' word was what raised doubt. */
  readonly resolversAgain: readonly Lookup[];
  readonly uncheckedAgain: readonly Lookup[];
}

/** Evidence about a record of which only these lookups are known so far. */
export function firstEvidence(record: ExpectedRecord, lookups: readonly Lookup[]): RecordEvidence {
  const nothing = { confirmation: [], doubled: [], beside: [], besideDoubled: [], misplaced: [], besideMisplaced: [] };
  const noAnswers = { addresses: [], besideAddresses: [], resolvers: [], unchecked: [], resolversAgain: [], uncheckedAgain: [] };
  return { record, lookups, ...nothing, ...noAnswers };
}

/** What was learned of a custom MAIL FROM domain in one round: MX and TXT of two of its servers, in a panel of up to four. */
export interface MailRound {
  readonly mx: readonly Lookup[];
  readonly txt: readonly Lookup[];
  /** Addresses that could have been asked. */
  readonly servers: number;
}

export interface DnsEvidence {
  /**
   * `quick`: one server, one question a record, all right. `lean`: as quick, and what was absent asked again of every other server; it can tell of
   * a name that does not exist, and of nothing else. `panel`: everything. `none`: DNS was not asked (nothing expected, or no delegation).
   */
  readonly level: 'none' | 'quick' | 'lean' | 'panel';
  /** Absent if nothing was to be asked. */
  readonly delegation?: Delegation;
  readonly records: readonly RecordEvidence[];
  /** Panel only: `SOA <apex>` at every server, in the first and (if made) the second round. */
  readonly soa: readonly Lookup[];
  readonly soaConfirmation: readonly Lookup[];
  /** True once a second round was made, or not needed because the very same was confirmed in an earlier sweep. */
  readonly confirmed: boolean;
  /** The custom MAIL FROM domain, in one or two rounds; absent if there is none or it was not its turn. */
  readonly mail?: { readonly first: MailRound; readonly second?: MailRound };
  /** What the resolvers say to TXT at `_dmarc.<domain>` and, as far as nothing is there, at its organizational domain's. Panel only. */
  readonly dmarc?: readonly Lookup[];
  /** TXT at the records' names, of the server that SES says it looked at, where that is none of ours. Panel only. */
  readonly sesSide?: readonly Lookup[];
  /** What the resolvers say to a question about a name that is surely signed. Panel only, and only where one of them refuses a record. */
  readonly validation?: readonly Lookup[];
  /** Set if the time ran out before all was asked. */
  readonly outOfTime?: boolean;
}

/** What is remembered of an identity from earlier sweeps. Every time is ISO 8601 UTC. */
export interface IdentityHistory {
  readonly firstSeenAt: string;
  /** The last sweep's diagnosis. Absent in memories of before. */
  readonly last?: 'healthy' | 'broken' | 'unknown';
  /** Last sweep in which the diagnosis was healthy. */
  readonly lastHealthyAt?: string;
  /** Last sweep in which every record was seen right, and served to those who check DNSSEC, while something else was wrong. Absent while healthy. */
  readonly lastRightAt?: string;
  /** When SES was first read to miss the records (TEMPORARY_FAILURE), in the present spell of that. */
  readonly missedAt?: string;
  /** When the records were last right before that, where anybody saw it: a record that comes and goes since does not move the clocks of SES. */
  readonly missedFrom?: string;
  /** Last sweep in which SES said SUCCESS (from SES facts, at their `readAt`). */
  readonly lastSuccessAt?: string;
  /** First time PENDING was seen in the present spell. */
  readonly pendingSince?: string;
  /** SigningEnabled as of the previous sweep; one that was on stays so until it is on again. */
  readonly signing?: boolean;
  /** VerifiedForSendingStatus as of the previous sweep; one that was true stays so until it is true again. */
  readonly maySend?: boolean;
  /** When the present broken or unknown spell began. */
  readonly brokenSince?: string;
  readonly unknownSince?: string;
  readonly unknownSweeps: number;
  /** Since when DNS has looked right (all expected records there) without a break. */
  readonly dnsRightSince?: string;
  /** True once SES's word was held against records that look right: it had looked at them, and no time in which nobody could see undoes that. */
  readonly sesDisputes?: boolean;
  /** Records' values when they were last right, for "last seen value": at most 3, each value cut at 1000 characters: a key must be whole to be compared. */
  readonly lastRecords?: readonly { readonly name: DnsName; readonly type: 'CNAME' | 'TXT'; readonly value: string }[];
  /** Name servers of the zone when the records were last right, sorted. */
  readonly lastNameServers?: readonly DnsName[];
  /** Names of records whose absence was confirmed by two rounds in an earlier sweep of this spell: that is not awaited again. */
  readonly absentRecords?: readonly DnsName[];
  /**
   * What other than an absence was confirmed in this spell: names of records (a wrong target, a damaged key, servers that disagree), or the kind
   * of what shows in no record. The same is not awaited again; anything else is.
   */
  readonly confirmedWrong?: readonly string[];
  /** When the confirmed absence of this spell was first seen. */
  readonly absentSince?: string;
  /** Sweeps running in which half of the name servers or more did not work. Absent if they do. */
  readonly serverTroubleSweeps?: number;
  /** Sweeps running in which every one of them said that it does not know the zone. */
  readonly offAirSweeps?: number;
  /** When a key other than the remembered one was first seen. */
  readonly keyChangedAt?: string;
  /** The last characters of that key: one that follows it is a change of its own. */
  readonly keyChangedTo?: string;
  /** When the resolvers were last asked what they see of the records. */
  readonly worldAskedAt?: string;
  /** When the custom MAIL FROM domain was last asked for. */
  readonly mailAskedAt?: string;
}

/** Input of the rulebook: evidence about one identity. */
export interface Evidence {
  readonly identity: Identity;
  readonly expectation: Expectation;
  readonly dns: DnsEvidence;
  /** Undefined at first sight. */
  readonly history: IdentityHistory | undefined;
  /** Start of the sweep, ISO 8601 UTC. */
  readonly now: string;
  /** True if SES was not asked (`dkim-monitor check`): only what DNS says is judged. */
  readonly dnsOnly?: boolean;
}
