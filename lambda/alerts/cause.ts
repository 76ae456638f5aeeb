// What alerts can have in common: a zone, the same name servers, their operator, an account. Which of it explains enough of them to make one alert.
import { getDomain } from 'tldts';
import { type AffectedIdentity, type Cause, isTargetAlert, isUnjudgedKey } from '../model/alert.ts';
import type { FindingKind } from '../model/finding.ts';
import { compareText, kindsOf } from './facts.ts';

/** What is needed of a trouble to see what it shares with others. */
export interface Shareable {
  readonly affected: readonly AffectedIdentity[];
  readonly zone?: string | undefined;
  readonly nameServers?: readonly string[] | undefined;
}

type SingleCause = Exclude<Cause['by'], 'several'>;

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

/** The kind that stands for a trouble when it is compared with others. */
export function leadingKind(trouble: Pick<Shareable, 'affected'>): FindingKind | undefined {
  const kinds = kindsOf(trouble);
  return kinds.find((kind) => !CONSEQUENCES.includes(kind)) ?? kinds[0];
}

/** Every cause that may explain a trouble, the narrowest first. */
export function causesOf(trouble: Shareable): readonly Cause[] {
  const kind = leadingKind(trouble);
  if (kind === undefined) return [];
  const { zone, nameServers, affected } = trouble;
  if (BY_SES.includes(kind)) {
    const accounts = [...new Set(affected.map(({ subject }) => subject.account))];
    return accounts.length === 1 ? [{ by: 'account', names: accounts, kind }] : [];
  }
  return sharedBy({ zone, nameServers }).map((place) => ({ ...place, kind }));
}

/** The DNS that an identity shares with others, the narrowest first. */
export function sharedBy({ zone, nameServers = [] }: Pick<Shareable, 'zone' | 'nameServers'>): readonly Omit<Cause, 'kind'>[] {
  const providers = [...new Set(nameServers.map(operatorOf))].sort(compareText);
  return [
    ...(zone === undefined ? [] : [{ by: 'zone', names: [zone] } as const]),
    ...(nameServers.length === 0 ? [] : [{ by: 'servers', names: [...nameServers].sort(compareText) } as const]),
    ...(providers.length === 0 ? [] : [{ by: 'provider', names: providers } as const]),
  ];
}

/** One text for equal causes. */
export const causeText = ({ by, names, kind }: Cause): string => JSON.stringify([by, kind ?? '', ...names]);

/** Troubles of one cause, and how many identities it explains: also some that are told of already. */
export interface SharedCause<T> {
  readonly cause: Cause;
  readonly members: readonly T[];
  readonly explains: number;
}

/**
 * Sorts troubles into groups of one cause, the largest group first, and the rest. `most` bounds the groups; each pass finds the cause that explains most of
 * what is left. `explains` says how many identities a cause explains if it explains these troubles; 0: they may share it by chance.
 */
export function byCause<T extends Shareable>(
  troubles: readonly T[],
  most: number,
  explains: (cause: Cause, of: readonly T[]) => number,
): { readonly groups: readonly SharedCause<T>[]; readonly rest: readonly T[] } {
  const groups: SharedCause<T>[] = [];
  let rest = troubles.map((trouble) => ({ trouble, causes: causesOf(trouble).map((cause) => ({ cause, text: causeText(cause) })) }));
  while (groups.length < most) {
    const found = new Map<string, { readonly cause: Cause; readonly members: T[] }>();
    for (const { trouble, causes } of rest)
      for (const { cause, text } of causes) {
        const known = found.get(text);
        if (known) known.members.push(trouble);
        else found.set(text, { cause, members: [trouble] });
      }
    const [best] = [...found.entries()]
      .map(([text, { cause, members }]) => ({ text, cause, members, explains: explains(cause, members) }))
      .filter((one) => one.explains > 0)
      .sort((a, b) => b.explains - a.explains || rank(a.cause) - rank(b.cause));
    if (best === undefined) break;
    const { text, ...group } = best;
    groups.push(group);
    rest = rest.filter(({ causes }) => !causes.some((one) => one.text === text));
  }
  return { groups, rest: rest.map(({ trouble }) => trouble) };
}

/** True for an alert that may become part of a group: about identities, and not about what cannot be judged. */
export function mayShare(alert: Parameters<typeof isTargetAlert>[0] & { readonly key: string; readonly cause?: Cause }): boolean {
  return alert.cause === undefined && !isTargetAlert(alert) && !isUnjudgedKey(alert.key);
}

const rank = ({ by }: Cause): number => (by === 'several' ? ORDER.length : ORDER.indexOf(by));

// Who runs a name server, as far as its name tells. Route 53 gives each zone servers under domains of its own, `awsdns-12.co.uk`, one like the other.
function operatorOf(server: string): string {
  const domain = getDomain(server, { allowPrivateDomains: false, validateHostname: false }) ?? server;
  return /^awsdns-\d{1,3}\./.test(domain) ? 'awsdns' : domain;
}
