// What one server may say about one expected record, as values.
import type { KeyVerdict } from '../dkim/judge-key.ts';
import type { AmbiguousCause, WrongTypeCause } from '../model/finding.ts';
import type { Outcome } from '../model/lookup.ts';

/** `denied`: the name has a CNAME, and its TXT is answered as if it had nothing. */
export type TxtFailure = 'servfail' | 'refused' | 'formerr' | 'silent' | 'denied';
export type BadKey = Exclude<KeyVerdict, { kind: 'usable' | 'ambiguous' | 'nothing' }>;

export type Says =
  /** The record, as it must be. `txt`: how the TXT question fared, which is the one that SES and receivers ask. */
  | { readonly kind: 'right'; readonly value: string; readonly txt: 'answered' | 'not-asked' | TxtFailure }
  /** A CNAME that leads elsewhere. */
  | { readonly kind: 'other'; readonly value: string }
  /** A key record that receivers cannot use. */
  | { readonly kind: 'bad-key'; readonly key: BadKey; readonly value: string }
  /** A record of another type than the one that belongs there. `value` is what stands there. */
  | { readonly kind: 'wrong-type'; readonly cause: WrongTypeCause; readonly value: string }
  /** More than there may be. `value`: all of it, as one text to compare by. */
  | {
      readonly kind: 'ambiguous';
      readonly cause: AmbiguousCause;
      readonly values: readonly string[];
      readonly usable: boolean;
      readonly value: string;
    }
  /** Not there. `wildcard`: the answer is the one that any name beside it gets, so the record itself is not there. `value`: what the wildcard gives. */
  | { readonly kind: 'absent'; readonly how: 'nxdomain' | 'nodata'; readonly wildcard?: string }
  /** The name is there, but its TXT cannot be had. */
  | { readonly kind: 'txt-failing'; readonly failure: TxtFailure }
  /** A CNAME of which nobody said where it ends. */
  | { readonly kind: 'not-judged'; readonly value: string; readonly detail: string }
  /** Lame, broken, silent or not asked: says nothing about the record. */
  | { readonly kind: 'mute'; readonly outcome: Outcome | undefined };
