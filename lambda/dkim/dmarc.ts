// Reads what a domain's DMARC record asks of receivers (RFC 7489 §6.3, which most of them follow). Never throws, whatever the bytes are.

export interface DmarcPolicy {
  /** What becomes of mail that fails. `none` also where the record is there and asks for nothing that counts. */
  readonly policy: 'none' | 'quarantine' | 'reject';
  /** `sp=`: for the domains below the one that holds the record, which counts only at the organizational domain. RFC 7489 knows no `np=` (RFC 9989: for names that do not exist, which no identity of SES is). */
  readonly forSubdomains: 'none' | 'quarantine' | 'reject';
  /** `aspf=s`: the MAIL FROM domain must be the very same as that of the From header. */
  readonly strictSpf: boolean;
}

/** From the mildest; the order counts. */
const POLICIES = ['none', 'quarantine', 'reject'] as const;
type PolicyName = (typeof POLICIES)[number];

/**
 * The policy among the TXT values at one name; undefined if none of them is a DMARC record, so that the next name above counts. Where there
 * are several, or where `p=` or `sp=` is none that is known, receivers look no further and refuse nothing (§6.6.3).
 */
export function dmarcPolicy(values: readonly string[]): DmarcPolicy | undefined {
  const [value, second] = values.filter((text) => /^v[ \t]*=[ \t]*DMARC1[ \t]*(;|$)/.test(text.slice(0, MAX)));
  if (value === undefined) return undefined;
  if (second !== undefined) return NOTHING;
  const tags = tagsOf(value.slice(0, MAX));
  const policy = policyOf(tags.get('p'));
  const forSubdomains = tags.has('sp') ? policyOf(tags.get('sp')) : policy;
  if (policy === undefined || forSubdomains === undefined) return NOTHING;
  const asked = tags.get('pct') === '0' ? milder : (one: PolicyName) => one;
  return { policy: asked(policy), forSubdomains: asked(forSubdomains), strictSpf: tags.get('aspf') === 's' };
}

const NOTHING: DmarcPolicy = { policy: 'none', forSubdomains: 'none', strictSpf: false };

/** Characters read of one value. */
const MAX = 2000;

/** Names and values in lower case: the grammar of §6.4 takes either (RFC 5234 §2.3). */
function tagsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((part) => part.split('=').map((side) => side.trim().toLowerCase()));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}

const policyOf = (text: string | undefined): PolicyName | undefined => POLICIES.find((policy) => policy === text);

/** `pct=0` asks for the next milder treatment of all mail (§6.6.4). */
const milder = (policy: PolicyName): PolicyName => (policy === 'reject' ? 'quarantine' : 'none');
