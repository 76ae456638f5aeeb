// Reads SES's answer about one identity into our own values: every field may be missing, of an unheard-of value, or hostile.
import type { DkimMethod, Identity, PendingName, SesFacts, SesStatus, Target } from '../model/identity.ts';
import { parseDnsName, parseRegion, type Region } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';

const MAX_NAME = 320;
const MAX_TOKENS = 10;
const MAX_TAGS = 50;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The identity `name` of `target`, from the answer of GetEmailIdentity as the SDK gives it (`answer`, not trusted) and what the listing
 * said. `readAt` is ISO 8601 UTC. Never throws. Source: SES API v2 reference, GetEmailIdentity, DkimAttributes, VerificationInfo.
 */
export function readIdentity(target: Target, name: PendingName, answer: unknown, readAt: string): Identity {
  const output = fields(answer);
  const dkim = fields(output.DkimAttributes);
  const identity = identityName(name.identity);
  const type = identityType(output.IdentityType, name.identity) ?? name.type;
  const domain = parseDnsName(type === 'address' ? identity.slice(identity.lastIndexOf('@') + 1) : identity);
  const tokens = list(dkim.Tokens)
    .filter((token) => typeof token === 'string' && token !== '')
    .slice(0, MAX_TOKENS)
    .map((token) => visible(String(token), 100));
  const status = sesStatus(dkim.Status);
  const { method, parentRegion } = methodOf(text(dkim.SigningAttributesOrigin), tokens, status);
  const zone = parseDnsName(text(dkim.SigningHostedZone) ?? '');
  return {
    account: target.account,
    region: target.region,
    identity,
    type,
    ...given('domain', domain.ok ? domain.value : undefined),
    method,
    tokens,
    ...given('hostedZone', zone.ok ? zone.value : undefined),
    ...given('parentRegion', parentRegion),
    ses: readFacts(output, dkim, fields(output.VerificationInfo), status, name.sendingEnabled, readAt),
    tags: readTags(output.Tags),
    detailedAt: readAt,
  };
}

/** An identity's name as it is kept and compared: lower case, without the final dot a hand-made answer may carry, safe to show. */
export function identityName(name: string): string {
  const parsed = name.includes('@') ? undefined : parseDnsName(name);
  return parsed?.ok ? parsed.value : visible(name.toLowerCase(), MAX_NAME);
}

/** Domain or address, by what SES says, else by the name; undefined if neither tells. */
export function identityType(said: unknown, name: string): 'domain' | 'address' | undefined {
  if (said === 'EMAIL_ADDRESS') return 'address';
  if (said === 'DOMAIN' || said === 'MANAGED_DOMAIN') return 'domain';
  return name.includes('@') ? 'address' : undefined;
}

/** Also for the answers of SES v1, which writes `TemporaryFailure` for `TEMPORARY_FAILURE`. */
export function sesStatus(said: unknown): SesStatus {
  switch (typeof said === 'string' ? said.replaceAll('_', '').toLowerCase() : '') {
    case 'notstarted':
      return 'NOT_STARTED';
    case 'pending':
      return 'PENDING';
    case 'success':
      return 'SUCCESS';
    case 'temporaryfailure':
      return 'TEMPORARY_FAILURE';
    case 'failed':
      return 'FAILED';
    default:
      return 'UNKNOWN';
  }
}

/**
 * How the identity signs. An origin this version has never heard of counts as Easy DKIM: what its tokens mean is then judged by their
 * form. `none` only where SES itself says that nothing was begun: without tokens for any other status the records cannot be known,
 * and an identity must not look well because a field was missing.
 */
function methodOf(
  origin: string | undefined,
  tokens: readonly string[],
  status: SesStatus,
): { readonly method: DkimMethod; readonly parentRegion?: Region | undefined } {
  if (origin === 'EXTERNAL') return { method: 'byodkim' };
  if (origin === 'AWS_SES') return { method: 'easy' };
  if (origin?.startsWith('AWS_SES_')) {
    const region = parseRegion(origin.slice('AWS_SES_'.length).toLowerCase().replaceAll('_', '-'));
    return { method: 'deed', parentRegion: region.ok ? region.value : undefined };
  }
  return { method: tokens.length === 0 && status === 'NOT_STARTED' ? 'none' : 'easy' };
}

function readFacts(
  output: Fields,
  dkim: Fields,
  info: Fields,
  status: SesStatus,
  sendingEnabled: boolean | undefined,
  readAt: string,
): SesFacts {
  const statusText = status === 'UNKNOWN' ? text(dkim.Status) : undefined;
  return {
    status,
    ...given('statusText', statusText),
    ...given('signing', flag(dkim.SigningEnabled)),
    ...given('verifiedForSending', flag(output.VerifiedForSendingStatus)),
    ...given('sendingEnabled', sendingEnabled),
    ...given('origin', text(dkim.SigningAttributesOrigin)),
    ...given('currentKeyLength', text(dkim.CurrentSigningKeyLength)),
    ...given('nextKeyLength', text(dkim.NextSigningKeyLength)),
    ...given('lastKeyGeneratedAt', time(dkim.LastKeyGenerationTimestamp)),
    ...given('lastCheckedAt', time(info.LastCheckedTimestamp)),
    ...given('lastSuccessAt', time(info.LastSuccessTimestamp)),
    ...given('errorType', text(info.ErrorType)),
    ...given('mailFrom', readMailFrom(fields(output.MailFromAttributes))),
    ...given('soa', readSoa(fields(info.SOARecord))),
    readAt,
  };
}

/** A MAIL FROM domain of the user's own; without one SES uses its own, and there is nothing to watch (SES API v2, MailFromAttributes). */
function readMailFrom(attributes: Fields): SesFacts['mailFrom'] | undefined {
  const domain = parseDnsName(text(attributes.MailFromDomain) ?? '');
  if (!domain.ok) return undefined;
  return {
    domain: domain.value,
    status: text(attributes.MailFromDomainStatus) ?? 'UNKNOWN',
    rejects: attributes.BehaviorOnMxFailure === 'REJECT_MESSAGE',
  };
}

function readSoa(soa: Fields): SesFacts['soa'] | undefined {
  // JSON has no -0: what is kept is what is read back.
  const serial = typeof soa.SerialNumber === 'number' && Number.isFinite(soa.SerialNumber) ? soa.SerialNumber || 0 : undefined;
  const read = {
    ...given('primaryNameServer', text(soa.PrimaryNameServer)),
    ...given('adminEmail', text(soa.AdminEmail)),
    ...given('serial', serial),
  };
  return Object.keys(read).length === 0 ? undefined : read;
}

function readTags(tags: unknown): Readonly<Record<string, string>> {
  const pairs = list(tags).slice(0, MAX_TAGS).map(fields);
  // fromEntries makes own properties of whatever the keys are, `__proto__` included.
  return Object.fromEntries(
    pairs.flatMap(({ Key, Value }) =>
      typeof Key === 'string' ? [[visible(Key, 128), visible(typeof Value === 'string' ? Value : '', 256)]] : [],
    ),
  );
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? visible(value, 253) : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function time(value: unknown): string | undefined {
  return value instanceof Date && Number.isFinite(value.getTime()) ? value.toISOString() : undefined;
}
