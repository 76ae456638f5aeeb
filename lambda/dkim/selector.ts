// What SES says a selector may be (PutEmailIdentityDkimSigningAttributes, and the pages "BYODKIM" and "Troubleshooting DKIM").

export type SelectorVerdict =
  | { readonly kind: 'fine' }
  /** Hyphens inside: the API takes them, the pages allow letters and digits only. */
  | { readonly kind: 'hyphens' }
  | {
      readonly kind: 'refused';
      readonly why: 'empty' | 'too-long' | 'period' | 'edge-hyphen' | 'symbol';
      /** For the name of a whole record: the selector in it. */
      readonly meant?: string;
    };

const LONGEST = 63;

/** Judges a selector as it would be given to SES: 1 to 63 letters and digits. */
export function judgeSelector(text: string): SelectorVerdict {
  if (text === '') return { kind: 'refused', why: 'empty' };
  const whole = /^([a-z0-9][a-z0-9-]{0,62})\._domainkey(\.|$)/i.exec(text);
  if (whole?.[1] !== undefined) return { kind: 'refused', why: 'period', meant: whole[1].toLowerCase() };
  if (text.includes('.')) return { kind: 'refused', why: 'period' };
  if (!/^[A-Za-z0-9-]+$/.test(text)) return { kind: 'refused', why: 'symbol' };
  if (text.length > LONGEST) return { kind: 'refused', why: 'too-long' };
  if (/^-|-$/.test(text)) return { kind: 'refused', why: 'edge-hyphen' };
  return { kind: text.includes('-') ? 'hyphens' : 'fine' };
}

/** True for what looks like a token of Easy DKIM, 32 letters and digits: such a selector's record is a CNAME, not a key of one's own. */
export const looksLikeToken = (selector: string): boolean => /^[a-z0-9]{32}$/.test(selector);
