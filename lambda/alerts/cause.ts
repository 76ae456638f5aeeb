// What alerts can have in common: a zone, the same name servers, their operator, an account. Which of it explains enough of them to make one alert.
import { getDomain } from 'tldts';
import { type AffectedIdentity, type AlertMemory, type Cause, isTargetAlert, isUnjudgedKey } from '../model/alert.ts';
import type { FindingKind } from '../model/finding.ts';
import { compareText, kindsOf } from './facts.ts';

/** What is needed of a trouble to see what it shares with others. */
export interface Shareable {
  readonly affected: readonly AffectedIdentity[];
  readonly zone?: string;
  readonly nameServers?: readonly string[];
}

type SingleCause = Exclude<Cause['by'], 'several'>;

/** So many make a group. In one zone three are the work of one hand; what is larger has chance in it. */
const ENOUGH: { readonly [B in SingleCause]: number } = { zone: 3, servers: 5, account: 5, provider: 5 };

/** The more narrow one comes first: of two causes that explain equally many, it is the better word. */
const ORDER: readonly SingleCause[] = ['zone', 'servers', 'account', 'provider'];

/** What follows from another trouble, and differs from domain to domain: it says nothing of what they share. */
const CONSEQUENCES: readonly FindingKind[] = ['dmarc-at-risk', 'mail-from-broken', 'key-weak', 'nameserver-broken', 'identity-unknown'];

/** Said by SES alone: such trouble is shared by those of one account, not by those of one DNS host. */
const BY_SES: readonly FindingKind[] = [
  'signing-disabled',
  'sending-lost',
  'revoked',
  'dkim-not-set-up',
  'replica-broken',
  'ses-cannot-verify',
  'verification-failed',
  'verification-overdue',
];

/** For how long after it opened a group takes in what breaks for the same cause. */
const GROWS_MS = 24 * 3_600_000;

/** The kind that stands for a trouble when it is compared with others. */
export function leadingKind(trouble: Pick<Shareable, 'affected'>): FindingKind | undefined {
  const kinds = kindsOf(trouble);
  return kinds.find((kind) => !CONSEQUENCES.includes(kind)) ?? kinds[0];
}

/** Every cause that may explain a trouble, the narrowest first. */
export function causesOf(trouble: Shareable): readonly Cause[] {
  const kind = leadingKind(trouble);
  if (kind === undefined) return [];
  const { zone, nameServers = [], affected } = trouble;
  if (BY_SES.includes(kind)) {
    const accounts = [...new Set(affected.map(({ subject }) => subject.account))];
    return accounts.length === 1 ? [{ by: 'account', names: accounts, kind }] : [];
  }
  const providers = [...new Set(nameServers.map(operatorOf))].sort(compareText);
  return [
    ...(zone === undefined ? [] : [{ by: 'zone', names: [zone], kind } as const]),
    ...(nameServers.length === 0 ? [] : [{ by: 'servers', names: [...nameServers].sort(compareText), kind } as const]),
    ...(providers.length === 0 ? [] : [{ by: 'provider', names: providers, kind } as const]),
  ];
}

/** One text for equal causes. */
export const causeText = ({ by, names, kind }: Cause): string => JSON.stringify([by, kind ?? '', ...names]);

/**
 * Sorts troubles into groups of one cause, the largest group first, and the rest. `most` bounds the groups; each pass finds the cause that explains most of
 * what is left. `beside` counts for a cause that has newcomers, and is sorted nowhere.
 */
export function byCause<T extends Shareable>(
  troubles: readonly T[],
  most: number,
  beside: readonly Shareable[] = [],
): { readonly groups: readonly { readonly cause: Cause; readonly members: readonly T[] }[]; readonly rest: readonly T[] } {
  const groups: { cause: Cause; members: readonly T[] }[] = [];
  let rest = troubles.map((trouble) => ({ trouble, causes: causesOf(trouble).map((cause) => ({ cause, text: causeText(cause) })) }));
  const known = new Map<string, { readonly n: number; readonly troubles: number }>();
  for (const trouble of beside)
    for (const text of causesOf(trouble).map(causeText)) {
      const { n = 0, troubles: before = 0 } = known.get(text) ?? {};
      known.set(text, { n: n + trouble.affected.length, troubles: before + 1 });
    }
  while (groups.length < most) {
    const found = new Map<string, { readonly cause: Cause; n: number; troubles: number }>();
    for (const { trouble, causes } of rest)
      for (const { cause, text } of causes) {
        const sum = found.get(text) ?? { cause, n: 0, troubles: 0, ...known.get(text) };
        sum.n += trouble.affected.length;
        sum.troubles += 1;
        found.set(text, sum);
      }
    const [best] = [...found.entries()]
      .filter(([, { cause, n, troubles }]) => troubles > 1 && n >= enough(cause))
      .sort(([, a], [, b]) => b.n - a.n || rank(a.cause) - rank(b.cause));
    if (best === undefined) break;
    const [text, { cause }] = best;
    groups.push({ cause, members: rest.filter((one) => one.causes.some((c) => c.text === text)).map(({ trouble }) => trouble) });
    rest = rest.filter((one) => !one.causes.some((c) => c.text === text));
  }
  return { groups, rest: rest.map(({ trouble }) => trouble) };
}

/** True while what breaks may belong to the same story. `now` is ISO 8601 UTC. */
export const isGrowing = ({ openedAt }: { readonly openedAt: string }, now: string): boolean =>
  Date.parse(now) - Date.parse(openedAt) < GROWS_MS;

/** How many of these a cause may explain. */
export function sharing(cause: Cause, troubles: readonly Shareable[]): number {
  const text = causeText(cause);
  return troubles.reduce((n, trouble) => n + (causesOf(trouble).some((one) => causeText(one) === text) ? trouble.affected.length : 0), 0);
}

/** The key of an open group that a new trouble belongs to; undefined if there is none. `now` is ISO 8601 UTC. */
export function openGroups({ alerts }: AlertMemory, now: string): (trouble: Shareable) => string | undefined {
  const open = new Map<string, string>();
  for (const alert of Object.values(alerts))
    if (alert.cause !== undefined && alert.closing === undefined && isGrowing(alert, now)) open.set(causeText(alert.cause), alert.key);
  if (open.size === 0) return () => undefined;
  return (trouble) =>
    causesOf(trouble)
      .map((cause) => open.get(causeText(cause)))
      .find((key) => key !== undefined);
}

/** True for an alert that may become part of a group: about identities, and not about what cannot be judged. */
export function mayShare(alert: Parameters<typeof isTargetAlert>[0] & { readonly key: string; readonly cause?: Cause }): boolean {
  return alert.cause === undefined && !isTargetAlert(alert) && !isUnjudgedKey(alert.key);
}

const enough = ({ by }: Cause): number => (by === 'several' ? Number.POSITIVE_INFINITY : ENOUGH[by]);
const rank = ({ by }: Cause): number => (by === 'several' ? ORDER.length : ORDER.indexOf(by));

// Who runs a name server, as far as its name tells. Route 53 gives each zone servers under domains of its own, `awsdns-12.co.uk`, one like the other.
function operatorOf(server: string): string {
  const domain = getDomain(server, { allowPrivateDomains: false, validateHostname: false }) ?? server;
  return /^awsdns-\d{1,3}\./.test(domain) ? 'awsdns' : domain;
}
