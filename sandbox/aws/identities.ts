// Builders of SES identities: a healthy one, with what a scenario wants different.
import { createHash } from 'node:crypto';
import type { IdentityFacts, SesIdentity } from './aws-world.ts';

export type DkimStatus = 'NOT_STARTED' | 'PENDING' | 'SUCCESS' | 'TEMPORARY_FAILURE' | 'FAILED';

/** A custom MAIL FROM domain (Amazon SES Developer Guide, "Using a custom MAIL FROM domain"). */
export interface MailFrom {
  readonly domain: string;
  /** MailFromDomainStatus; default SUCCESS. */
  readonly status?: 'PENDING' | 'SUCCESS' | 'FAILED' | 'TEMPORARY_FAILURE';
  /** What SES does where the MX is not right: sends with its own MAIL FROM (default), or refuses to send. */
  readonly behavior?: 'USE_DEFAULT_VALUE' | 'REJECT_MESSAGE';
}

export interface IdentityOptions {
  readonly region: string;
  readonly status?: DkimStatus;
  readonly signing?: boolean;
  /** VerifiedForSendingStatus; by default true exactly while DKIM is in order. */
  readonly sending?: boolean;
  readonly tokens?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** ISO 8601: when the key was made, when SES last looked, when it last succeeded. */
  readonly keyGeneratedAt?: string;
  readonly checkedAt?: string;
  readonly succeededAt?: string;
  readonly errorType?: string;
  readonly soa?: { readonly primary: string; readonly serial: number };
  /** Without it SES uses its own MAIL FROM. */
  readonly mailFrom?: MailFrom;
  /** Merged over everything, so that a scenario can say what no builder thought of. `undefined` removes a field. */
  readonly facts?: IdentityFacts;
  readonly dkim?: NonNullable<IdentityFacts['DkimAttributes']>;
  /** What SES v1 says, where it differs. */
  readonly v1?: SesIdentity['v1'];
}

// Regions whose DKIM keys live in a zone of their own (Amazon SES Developer Guide, "DKIM domains").
const OWN_ZONE = new Set(
  'af-south-1 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-5 ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1 us-gov-east-1'.split(
    ' ',
  ),
);

/** The zone that SES keeps a region's Easy DKIM keys in. */
export function dkimZone(region: string): string {
  return OWN_ZONE.has(region) ? `dkim.${region}.amazonses.com` : 'dkim.amazonses.com';
}

/** Three tokens of 32 lower-case letters and digits, always the same for the same domain, region and salt. */
export function tokensFor(domain: string, region: string, salt = ''): readonly [string, string, string] {
  const token = (n: number): string => {
    const digest = createHash('sha256').update(`${domain}/${region}/${salt}/${n}`).digest();
    return [...digest].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('');
  };
  return [token(0), token(1), token(2)];
}

/** An Easy DKIM domain. */
export function easyIdentity(domain: string, options: IdentityOptions): SesIdentity {
  const pending = options.status === 'PENDING';
  return identity(domain, 'DOMAIN', options, {
    Tokens: options.tokens ?? tokensFor(domain, options.region),
    SigningHostedZone: dkimZone(options.region),
    SigningAttributesOrigin: 'AWS_SES',
    CurrentSigningKeyLength: 'RSA_2048_BIT',
    NextSigningKeyLength: 'RSA_2048_BIT',
    LastKeyGenerationTimestamp: seconds(options.keyGeneratedAt ?? (pending ? '2026-06-01T00:00:00Z' : '2026-01-10T09:00:00Z')),
  });
}

/** A domain with its own key. SES gives the selector as the only token (or, with `tokens: []`, none). */
export function byodkimIdentity(domain: string, options: IdentityOptions & { readonly selector: string }): SesIdentity {
  return identity(domain, 'DOMAIN', options, { Tokens: options.tokens ?? [options.selector], SigningAttributesOrigin: 'EXTERNAL' });
}

/** A replica (Deterministic Easy DKIM) of the domain's identity in `parentRegion`: tokens and zone are the parent's. */
export function replicaIdentity(domain: string, options: IdentityOptions & { readonly parentRegion: string }): SesIdentity {
  const { parentRegion } = options;
  return identity(domain, 'DOMAIN', options, {
    Tokens: options.tokens ?? tokensFor(domain, parentRegion),
    SigningHostedZone: dkimZone(parentRegion),
    SigningAttributesOrigin: `AWS_SES_${parentRegion.toUpperCase().replaceAll('-', '_')}`,
    CurrentSigningKeyLength: 'RSA_2048_BIT',
    NextSigningKeyLength: 'RSA_2048_BIT',
    LastKeyGenerationTimestamp: seconds('2026-01-10T09:00:00Z'),
  });
}

/** An e-mail address, verified by a click, without DKIM of its own. One that signs, as its domain does, has `status: 'SUCCESS'` and `signing: true`. */
export function addressIdentity(address: string, options: IdentityOptions): SesIdentity {
  return identity(
    address,
    'EMAIL_ADDRESS',
    { status: 'NOT_STARTED', signing: false, sending: true, ...options },
    {
      SigningAttributesOrigin: 'AWS_SES',
      NextSigningKeyLength: 'RSA_1024_BIT',
    },
  );
}

/** A domain whose DKIM nobody set up. */
export function bareIdentity(domain: string, options: IdentityOptions): SesIdentity {
  return identity(
    domain,
    'DOMAIN',
    { status: 'NOT_STARTED', signing: false, sending: true, ...options },
    {
      SigningAttributesOrigin: 'AWS_SES',
      NextSigningKeyLength: 'RSA_2048_BIT',
    },
  );
}

function identity(
  name: string,
  type: 'DOMAIN' | 'EMAIL_ADDRESS',
  options: IdentityOptions,
  dkim: NonNullable<IdentityFacts['DkimAttributes']>,
): SesIdentity {
  const status = options.status ?? 'SUCCESS';
  const sending = options.sending ?? (status === 'SUCCESS' || status === 'TEMPORARY_FAILURE');
  const succeededAt = options.succeededAt ?? (status === 'SUCCESS' ? '2026-05-31T20:00:00Z' : undefined);
  const facts: IdentityFacts = {
    IdentityType: type,
    FeedbackForwardingStatus: true,
    VerifiedForSendingStatus: sending,
    VerificationStatus: sending ? 'SUCCESS' : status,
    DkimAttributes: { SigningEnabled: options.signing ?? true, Status: status, ...dkim, ...options.dkim },
    MailFromAttributes: mailFromAttributes(options.mailFrom),
    Policies: {},
    Tags: Object.entries(options.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    VerificationInfo: {
      LastCheckedTimestamp: seconds(options.checkedAt ?? '2026-05-31T20:00:00Z'),
      ...(succeededAt === undefined ? {} : { LastSuccessTimestamp: seconds(succeededAt) }),
      ...(options.errorType === undefined ? {} : { ErrorType: options.errorType }),
      ...(options.soa === undefined
        ? {}
        : {
            SOARecord: { PrimaryNameServer: options.soa.primary, AdminEmail: 'hostmaster.example.com', SerialNumber: options.soa.serial },
          }),
    },
    ...options.facts,
  };
  return { name, facts, ...(options.v1 === undefined ? {} : { v1: options.v1 }) };
}

function mailFromAttributes(mailFrom: MailFrom | undefined): NonNullable<IdentityFacts['MailFromAttributes']> {
  const BehaviorOnMxFailure = mailFrom?.behavior ?? 'USE_DEFAULT_VALUE';
  if (mailFrom === undefined) return { BehaviorOnMxFailure };
  return { MailFromDomain: mailFrom.domain, MailFromDomainStatus: mailFrom.status ?? 'SUCCESS', BehaviorOnMxFailure };
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** One record an identity needs, by its absolute name. */
export interface DkimRecord {
  readonly name: string;
  readonly type: 'CNAME';
  readonly value: string;
}

/** What a custom MAIL FROM domain needs: exactly one MX, and SPF. */
export interface MailFromRecords {
  readonly name: string;
  readonly MX: string;
  readonly TXT: string;
}

/** The host that takes bounces in a region. */
export function feedbackHost(region: string): string {
  return `feedback-smtp.${region}.amazonses.com`;
}

/** The records of an identity's custom MAIL FROM domain, if it has one. `region` is the identity's. */
export function mailFromRecordsOf(identity: SesIdentity, region: string): MailFromRecords | undefined {
  const name = identity.facts.MailFromAttributes?.MailFromDomain;
  return name === undefined ? undefined : { name, MX: `10 ${feedbackHost(region)}`, TXT: 'v=spf1 include:amazonses.com ~all' };
}

/** The CNAMEs that an Easy DKIM identity or a replica needs. */
export function recordsOf(identity: SesIdentity): readonly DkimRecord[] {
  const { Tokens = [], SigningHostedZone, SigningAttributesOrigin = '' } = identity.facts.DkimAttributes ?? {};
  if (identity.name.includes('@') || !SigningAttributesOrigin.startsWith('AWS_SES') || SigningHostedZone === undefined) return [];
  return Tokens.map((token) => ({
    name: `${token}._domainkey.${identity.name}`,
    type: 'CNAME',
    value: `${token}.${SigningHostedZone}`,
  }));
}
