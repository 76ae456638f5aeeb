// Targets that a first look could not read: how many, and for each account which regions and why.
import type { GapReason } from '../model/identity.ts';
import { cutAt, visible } from '../model/safe-text.ts';
import type { Telling, UnreadTarget } from '../model/telling.ts';
import { listed, plural } from './layout.ts';

type Summary = Extract<Telling, { kind: 'summary' }>;

const WHY: { readonly [K in GapReason]: string } = {
  'role-refused': 'the monitor was not let in',
  'region-off': 'the region is off',
  denied: 'reading is not allowed',
  throttled: 'SES refused requests as too many',
  'out-of-time': 'the time ran out',
  error: 'reading failed',
};

/** Why a target could not be read, in a few words, without a capital. */
export function reasonWords(reason: GapReason): string {
  return WHY[reason];
}

/** Groups in a message; the rest is counted. */
const MAX_GROUPS = 20;
const MAX_REGIONS = 8;
/** Of a detail; what AWS refused with is quoted in it. */
const MAX_DETAIL = 420;
const MAX_DETAIL_JSON = 200;

/** `3 of 6 targets could not be read`; empty if all could. A target of the counts that has a gap is one target. */
export function unreadCount({ targets, unreadable = [] }: Pick<Summary, 'targets' | 'unreadable'>): string {
  if (unreadable.length === 0) return '';
  const all = new Set([...targets, ...unreadable].map(({ account, region }) => `${account}/${region}`)).size;
  return `${unreadable.length.toLocaleString('en-US')} of ${plural(all, 'target')} could not be read`;
}

/** What could not be read for the same reason in one account. */
export interface UnreadGroup {
  readonly account: string;
  readonly regions: string;
  /** The reason and what is known of it, in a sentence or two. */
  readonly why: string;
}

/** Such targets for programs: at most `max`, each text bounded. */
export function unreadJson(unreadable: readonly UnreadTarget[], max: number): readonly UnreadTarget[] {
  const short = (text: string, most: number): string => cutAt(visible(text, most), most);
  return unreadable.slice(0, max).map(({ account, region, reason, detail }) => ({
    account: short(account, 60),
    region: short(region, 60),
    reason,
    detail: short(detail, MAX_DETAIL_JSON),
  }));
}

/** At most 20 groups in the order of the targets, and how many more there are. */
export function unreadGroups(unreadable: readonly UnreadTarget[]): { readonly groups: readonly UnreadGroup[]; readonly more: number } {
  const same = new Map<string, UnreadTarget[]>();
  for (const one of unreadable) {
    const key = `${one.account} ${one.reason}`;
    const known = same.get(key);
    if (known) known.push(one);
    else same.set(key, [one]);
  }
  const groups = [...same.values()].slice(0, MAX_GROUPS).flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            account: first.account,
            regions: listed(
              [first, ...others].map(({ region }) => region),
              MAX_REGIONS,
            ),
            why: `${reasonWords(first.reason)}. ${cutAt(visible(first.detail, MAX_DETAIL), MAX_DETAIL)}`,
          },
        ],
  );
  return { groups, more: same.size - groups.length };
}
