// SES v2 in its REST-JSON form: the listing, and one identity's details.
import type { SesIdentity } from './aws-world.ts';
import { type Answer, awsError, type Call } from './call.ts';
import type { Estate } from './estate.ts';

const PAGE_LIMIT = 1000;
const PAGE_DEFAULT = 100;

interface ListRequest {
  readonly NextToken?: unknown;
  readonly PageSize?: unknown;
  readonly Filter?: Readonly<Record<string, string>>;
}

/** ListEmailIdentities, `POST /v2/email/list-identities` and the older `GET /v2/email/identities`. */
export function listEmailIdentities(estate: Estate, call: Call): Answer {
  const request = call.method === 'GET' ? fromQuery(call.query) : fromBody(call.body);
  if (request === undefined) return awsError(400, 'BadRequestException', 'The request body is not valid JSON.');
  const size = request.PageSize === undefined || request.PageSize === 0 ? PAGE_DEFAULT : Number(request.PageSize);
  if (!Number.isInteger(size) || size < 0 || size > PAGE_LIMIT)
    return awsError(400, 'BadRequestException', `Invalid page size: it must be between 0 and ${PAGE_LIMIT}.`);
  const all = [...estate.identitiesOf(call.account, call.region).values()].filter((one) => passes(one, request.Filter ?? {}));
  const start = request.NextToken === undefined ? 0 : readToken(String(request.NextToken), all);
  if (start === undefined) return awsError(400, 'BadRequestException', 'The provided NextToken is invalid.');
  const page = all.slice(start, start + size);
  const last = page[page.length - 1];
  const more = start + size < all.length && last !== undefined;
  return { kind: 'json', value: { EmailIdentities: page.map(listed), ...(more ? { NextToken: token(last.name) } : {}) } };
}

/** GetEmailIdentity, `GET /v2/email/identities/{EmailIdentity}`. */
export function getEmailIdentity(estate: Estate, call: Call): Answer {
  const name = call.subject ?? '';
  const found =
    estate.identitiesOf(call.account, call.region).get(name.toLowerCase()) ?? estate.identitiesOf(call.account, call.region).get(name);
  if (found === undefined || found.vanished) return awsError(404, 'NotFoundException', `Email identity ${name} does not exist.`);
  return { kind: 'json', value: found.facts };
}

function fromQuery(query: URLSearchParams): ListRequest {
  const size = query.get('PageSize');
  const next = query.get('NextToken');
  return { ...(size === null ? {} : { PageSize: Number(size) }), ...(next === null ? {} : { NextToken: next }) };
}

function fromBody(body: Buffer): ListRequest | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function passes(identity: SesIdentity, filter: Readonly<Record<string, string>>): boolean {
  const entry = listed(identity);
  const contains = filter.IDENTITY_NAME ?? filter.IdentityName;
  return contains === undefined || entry.IdentityName.includes(contains);
}

function listed(identity: SesIdentity) {
  const { IdentityType, VerifiedForSendingStatus, VerificationStatus } = identity.facts;
  return { IdentityType, IdentityName: identity.name, SendingEnabled: VerifiedForSendingStatus, VerificationStatus };
}

// A token names the last identity given out, so that identities deleted between two pages make no gap.
function token(name: string): string {
  return Buffer.from(`after:${name}`).toString('base64url');
}

function readToken(text: string, all: readonly SesIdentity[]): number | undefined {
  const plain = Buffer.from(text, 'base64url').toString();
  if (!plain.startsWith('after:')) return undefined;
  const at = all.findIndex((identity) => identity.name === plain.slice(6));
  return at === -1 ? undefined : at + 1;
}
