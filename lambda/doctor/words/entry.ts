// The form of the words for one kind of trouble, and what several of them share.
import type { CheckOutcome } from '../../model/checkup.ts';
import type { Refuser } from '../../model/refusal.ts';
import { visible } from '../../model/safe-text.ts';
import type { TroubleKind, TroubleOf } from '../trouble.ts';

export interface Words {
  /** What is wrong, in a few words, without the places. */
  readonly title: string;
  readonly says?: string;
  /** One sentence or two. */
  readonly todo?: string;
  /** Lines for a shell: made of parsed values and placeholders in capitals only. */
  readonly commands?: readonly string[];
}

export interface Entry<K extends TroubleKind> {
  readonly outcome: Exclude<CheckOutcome, 'ok'>;
  readonly words: (trouble: TroubleOf<K>) => Words;
}

export type Entries<K extends TroubleKind> = { readonly [One in K]: Entry<One> };

/** The text as one bare word of a shell, or the placeholder where it is not that harmless. */
export function shellWord(text: string, placeholder: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9@%+=:,./_-]{0,400}$/.test(text) ? text : placeholder;
}

/** A text of somebody else's inside a sentence. */
export const shown = (text: string): string => visible(text, 300);

/** Which policy is in the way. */
export const REFUSED_BY: { readonly [R in Exclude<Refuser, 'untold'>]: string } = {
  organisation:
    'A policy of the organisation (SCP or RCP) denies it: only the administrators of the organisation can allow it, no policy of the role can.',
  boundary: 'The permissions boundary of the role that asks denies it.',
  'session-policy': 'A session policy denies it.',
  endpoint: 'The policy of the VPC endpoint that the call goes through denies it.',
  'own-policy': 'No policy of the one who asks allows it.',
  trust: 'The role exists, and its trust policy does not let the monitor in.',
  'source-identity': 'The trust policy lacks sts:SetSourceIdentity.',
  'explicit-deny': 'A policy denies it explicitly.',
};
