// Everything one sweep saw: the inner form that the story works with, and the published form that users script against.
import type { Diagnosis, UnknownReason } from './diagnosis.ts';
import type { OrganizationSeen } from './estate.ts';
import type { IdentityHistory } from './evidence.ts';
import type { Expectation } from './expectation.ts';
import type { Finding, FindingKind, Severity } from './finding.ts';
import type { DkimMethod, Gap, GapReason, Identity, SesStatus, Target } from './identity.ts';

/** One identity after the sweep (inner form). */
export interface IdentityResult {
  readonly identity: Identity;
  readonly expectation: Expectation;
  readonly diagnosis: Diagnosis;
  /** The history to be remembered. */
  readonly history: IdentityHistory;
  /** What the sweep before made of it; absent where that is not known. */
  readonly was?: 'new' | Diagnosis['kind'];
  /** True if DNS was judged by a full panel, not by the quick look: only such a healthy result recovers an alert. */
  readonly panel: boolean;
  /** Zone and name servers as seen, for grouping and for the run-wide brake. */
  readonly zone?: string;
  readonly nameServers?: readonly string[];
  /** For a broken domain: where the same domain is an identity as well, and all is well. */
  readonly fineIn?: readonly Target[];
}

export interface Cost {
  readonly sesCalls: number;
  readonly dnsQuestions: number;
  readonly stsCalls: number;
}

/** What `sweepTarget` returns. Plain JSON: it travels through S3 when the estate is large. */
export interface TargetReport {
  readonly account: Target['account'];
  readonly region: Target['region'];
  /** Present if the target, or part of it, could not be read. */
  readonly gap?: Gap;
  /** True if the sweep of the target failed for a reason of our own. */
  readonly failed?: boolean;
  /** True if the inventory behind this report is complete: only then is an identity that is not in it gone. */
  readonly inventoryComplete: boolean;
  /** When the inventory was last completed. */
  readonly inventoryAt?: string;
  /** The oldest details of an identity, or since when details that were never read are waited for. */
  readonly detailsAt?: string;
  /** How many identities SES was never asked about one by one. Absent if there are none. */
  readonly undetailed?: number;
  readonly results: readonly IdentityResult[];
  /** Identities that were listed but could not be read, or not yet. */
  readonly unread: readonly UnreadResult[];
  /** Identities that were watched before and are in a complete listing no more. Absent if there are none. */
  readonly gone?: readonly string[];
  /** What this target cost, where it was swept by itself. */
  readonly cost?: Cost;
  /** Identities that are not among `results` though they were seen well: in a large estate only what decisions need is held, and the rest counted. */
  readonly besides?: Besides;
}

/** Healthy identities that no decision needs (lambda/steps/needed.ts), counted. */
export interface Besides {
  readonly healthy: number;
  /** How many of them have records to be looked up. */
  readonly watched: number;
  /** How many of them were seen for the first time. */
  readonly fresh: number;
  /** When the first of them was first seen. */
  readonly firstSeenAt?: string;
}

/** How many identities of the target were looked at. */
export const judgedIn = ({ results, besides }: Pick<TargetReport, 'results' | 'besides'>): number =>
  results.length + (besides?.healthy ?? 0);

/** How many identities of the target are known, those that could not be read included. */
export const knownIn = (report: Pick<TargetReport, 'results' | 'besides' | 'unread'>): number => judgedIn(report) + report.unread.length;

export interface UnreadResult {
  readonly identity: string;
  readonly type: 'domain' | 'address';
  readonly reason: GapReason | 'not-yet';
  readonly detail: string;
}

/** The published report, schema 1 (docs/how-it-works.md). A contract: add fields, never rename or drop them. */
export interface Report {
  readonly schema: 1;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly targets: readonly ReportTarget[];
  /** All of them, or, if there are `parts`, those that are not simply well: broken, unknown, muted, or with an alert open. */
  readonly identities: readonly ReportIdentity[];
  /** Where there are too many identities for one value: the memory keys of the values that hold all of them, in order. */
  readonly parts?: readonly string[];
  /** Findings about targets or several identities. */
  readonly findings: readonly (ReportFinding & { readonly targets: readonly { readonly account: string; readonly region: string }[] })[];
  readonly summary: {
    readonly healthy: number;
    readonly broken: number;
    readonly unknown: number;
    readonly bySeverity: Readonly<Record<Severity, number>>;
  };
  readonly cost: Cost;
  /** How the list of accounts came about; absent unless an organisation names them. */
  readonly organization?: OrganizationSeen;
}

export interface ReportTarget {
  readonly account: string;
  readonly region: string;
  /** Number of identities known. */
  readonly identities: number;
  readonly inventoryAt?: string;
  /** Of how many identities the details are still to be read for the first time. Absent if of none. */
  readonly undetailed?: number;
  readonly gap?: { readonly reason: GapReason; readonly detail: string };
}

export interface ReportIdentity {
  readonly account: string;
  readonly region: string;
  readonly identity: string;
  readonly type: 'domain' | 'address';
  readonly method: DkimMethod;
  readonly ses: { readonly status: SesStatus; readonly signing?: boolean; readonly readAt?: string; readonly [more: string]: unknown };
  readonly diagnosis: 'healthy' | 'broken' | 'unknown';
  readonly unknown?: { readonly reason: UnknownReason | GapReason | 'not-yet'; readonly detail?: string };
  readonly findings: readonly ReportFinding[];
  readonly tags?: Readonly<Record<string, string>>;
  /** True until SES was asked about it by itself: known by the listing and SES v1 alone, its zone by our table. */
  readonly provisional?: true;
}

export interface ReportFinding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Facts of the kind plus those every finding carries (account, region, identity, method, status, signing). */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly title: string;
  /** What is wrong, where, since when. */
  readonly meaning: string;
  /** What happens next if nobody does anything; the times stand in `deadlines`. */
  readonly next: string;
  readonly fix: readonly string[];
  readonly records: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly evidence: readonly {
    readonly server: string;
    readonly question: string;
    readonly outcome: string;
    readonly answers: readonly string[];
    readonly at: string;
  }[];
  readonly deadlines?: readonly {
    readonly name: string;
    readonly at: string;
    readonly estimated: boolean;
    readonly countedFrom?: string;
  }[];
  /** The records in the forms that people paste; absent where nothing is to be published. */
  readonly paste?: RecordForms;
  /** True if the configuration mutes it: listed, not counted. */
  readonly muted?: boolean;
}

/** Records to be published, in the forms that people paste. Made of parsed, expected values only: nothing that DNS supplied is in it. */
export interface RecordForms {
  /** `relative` is what most web forms want; `name` and the `value` of a CNAME or MX end with a dot. */
  readonly table: readonly {
    readonly relative: string;
    readonly name: string;
    readonly type: 'CNAME' | 'TXT' | 'MX';
    readonly value: string;
  }[];
  /** Zone file lines, one a record. */
  readonly bind: readonly string[];
  /** JSON text on one line. */
  readonly route53ChangeBatch: string;
  /** Several lines. */
  readonly terraform: string;
  /** Shell lines, quoted. */
  readonly cli: readonly string[];
}

/** A finding about a whole target, before it has words. */
export interface TargetFinding {
  readonly targets: readonly Target[];
  readonly finding: Finding;
}
