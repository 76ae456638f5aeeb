// Reads what a domain's DMARC record asks of receivers (RFC 7489 §6.3). Never throws, whatever the bytes are.

export interface DmarcPolicy {
  readonly policy: 'none' | 'quarantine' | 'reject';
  /** `sp=`: for the domains below the one that holds the record. */
  readonly forSubdomains: 'none' | 'quarantine' | 'reject';
  /** `aspf=s`: the MAIL FROM domain must be the very same as that of the From header. */
  readonly strictSpf: boolean;
}

const POLICIES = ['none', 'quarantine', 'reject'] as const;

/** The policy among the TXT values at one name; undefined if there is none, or more than one (then receivers apply none, §6.6.3). */
export function dmarcPolicy(values: readonly string[]): DmarcPolicy | undefined {
  const [value, second] = values.filter((text) => /^v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)/.test(text.slice(0, MAX)));
  if (value === undefined || second !== undefined) return undefined;
  const tags = new Map(
    value
      .slice(0, MAX)
      .split(';')
      .map((part) => part.split('=').map((side) => side.trim().toLowerCase()))
      .map(([name = '', text = '']) => [name, text]),
  );
  const policy = policyOf(tags.get('p'));
  if (policy === undefined) return undefined;
  return { policy, forSubdomains: policyOf(tags.get('sp')) ?? policy, strictSpf: tags.get('aspf') === 's' };
}

/** Characters read of one value. */
const MAX = 2000;

const policyOf = (text: string | undefined): (typeof POLICIES)[number] | undefined => POLICIES.find((policy) => policy === text);
