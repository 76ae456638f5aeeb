// What `dkim-monitor doctor` finds out about an installation, in the form in which it travels from the function to the command and into scripts.

/** The links of the chain, in the order in which they are checked and shown. Stable names: scripts use them. */
export const LINKS = [
  'function',
  'configuration',
  'credentials',
  'role',
  'regions',
  'list',
  'detail',
  'status',
  'bucket',
  'memory-read',
  'memory-write',
  'last-sweep',
  'topic',
  'subscriptions',
  'publish',
  'event-bus',
  'resolver-udp',
  'resolver-tcp',
  'dnssec',
  'authority-udp',
  'authority-tcp',
  'heartbeat',
] as const;

export type Link = (typeof LINKS)[number];

/** `unknown`: looked, and could not tell. `skipped`: not looked, for a reason. */
export type CheckOutcome = 'ok' | 'warn' | 'fail' | 'unknown' | 'skipped';

/** Worst first. */
export const CHECK_OUTCOMES: readonly CheckOutcome[] = ['fail', 'unknown', 'warn', 'ok', 'skipped'];

/** Where a check was made; what does not apply is absent. `subject` is a topic, a bucket, a server. */
export interface Place {
  readonly account?: string;
  readonly region?: string;
  readonly subject?: string;
}

/** All checks of one link that ended for the same reason. */
export interface CheckResult {
  readonly link: Link;
  readonly outcome: CheckOutcome;
  /** Of what is not ok: which trouble, a stable name. */
  readonly kind?: string;
  readonly title: string;
  /** What it means; empty where the title says it. */
  readonly says: string;
  /** What to do, one or two sentences; empty where nothing is to be done. */
  readonly todo: string;
  /** Lines to paste. */
  readonly commands: readonly string[];
  /** In how many places. */
  readonly count: number;
  /** The first of them. */
  readonly places: readonly Place[];
  /** What was answered in one of them, such as AWS's own words without secrets. */
  readonly detail?: string;
}

/** Schema 1, a contract: fields may be added, none is renamed or dropped. */
export interface Checkup {
  readonly schema: 1;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Whose rights were tried, and their ARN where STS said it. */
  readonly rights: { readonly of: 'function' | 'caller'; readonly arn?: string };
  readonly home?: { readonly account: string; readonly region: string };
  /** SHA-256 of the configuration's text, in hexadecimal. */
  readonly configurationHash?: string;
  readonly accounts: number;
  readonly targets: number;
  /** Checks by outcome. */
  readonly summary: Readonly<Record<CheckOutcome, number>>;
  /** Worst first. */
  readonly results: readonly CheckResult[];
}
