// From an HTTP request to a call: who signed it, for which service and region, and which operation it is.
import type { IncomingMessage } from 'node:http';
import { type AwsError, awsError, type Call, type Protocol } from './call.ts';
import type { Estate } from './estate.ts';
import { lambdaOperation } from './lambda.ts';
import { s3Action } from './s3.ts';

/** Services whose calls name their operation in the header `x-amz-target`. */
const TARGETED: ReadonlySet<string> = new Set(['events', 'organizations']);

// More than any call of the sandbox's services may carry.
const BODY_LIMIT = 64 * 1024 * 1024;

export type Admitted =
  | { readonly kind: 'call'; readonly protocol: Protocol; readonly call: Call }
  | { readonly kind: 'refused'; readonly protocol: Protocol; readonly error: AwsError };

/** Reads the whole body; undefined if it is too long. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Finds out what a request is. The signature names key, region and service; whether it is right is not checked. */
export function admit(estate: Estate, request: IncomingMessage, body: Buffer): Admitted {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/.exec(headers.authorization ?? '');
  const [, key = '', region = '', service = ''] = scope ?? [];
  const targeted = TARGETED.has(service);
  const json = targeted || service === 'lambda' || service === 'account' || url.pathname.startsWith('/v2/email/');
  const protocol: Protocol = service === 's3' ? 's3' : json ? 'json' : 'query';
  if (scope === null)
    return { kind: 'refused', protocol, error: awsError(403, 'MissingAuthenticationToken', 'Missing Authentication Token') };
  const caller = estate.callers.get(key);
  const sessionOk = caller?.sessionToken === undefined || caller.sessionToken === headers['x-amz-security-token'];
  if (caller === undefined || !sessionOk || estate.regionsOff.has(`${caller.account}/${region}`))
    return { kind: 'refused', protocol, error: unknownKey(protocol) };
  const method = request.method ?? 'GET';
  const form = new URLSearchParams(protocol === 'query' ? body.toString() : '');
  const target = headers['x-amz-target'];
  const named = targeted ? { action: target?.split('.').at(-1) ?? '' } : undefined;
  const operation = named ?? (service === 'lambda' ? lambdaOperation(method, url.pathname) : operationOf(protocol, method, url, form));
  if (operation === undefined) return { kind: 'refused', protocol, error: unknownOperation(protocol) };
  const { account, principal, allowed } = caller;
  const about = {
    account,
    region,
    service,
    principal,
    ...(allowed && { allowed }),
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
    form,
  };
  return { kind: 'call', protocol, call: { ...about, ...operation } };
}

function unknownKey(protocol: Protocol): AwsError {
  switch (protocol) {
    case 'json':
      return awsError(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
    case 'query':
      return awsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    case 's3':
      return awsError(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
}

function unknownOperation(protocol: Protocol): AwsError {
  switch (protocol) {
    case 'json':
      return awsError(404, 'UnknownOperationException', 'The requested operation is not recognized by the service.');
    case 'query':
      return awsError(400, 'InvalidAction', 'Could not find operation');
    case 's3':
      return awsError(501, 'NotImplemented', 'A header or query you provided implies functionality that is not implemented');
  }
}

function operationOf(
  protocol: Protocol,
  method: string,
  url: URL,
  form: URLSearchParams,
): { readonly action: string; readonly subject?: string } | undefined {
  switch (protocol) {
    case 'json':
      return restOperation(method, url.pathname);
    case 'query': {
      const action = form.get('Action');
      return action === null ? undefined : { action };
    }
    case 's3': {
      const [, , ...rest] = url.pathname.split('/');
      const subject = decodeURIComponent(rest.join('/'));
      const action = s3Action(method, subject, url.searchParams);
      return action === undefined ? undefined : { action, subject };
    }
  }
}

function restOperation(method: string, path: string): { readonly action: string; readonly subject?: string } | undefined {
  if (method === 'POST' && path === '/listRegions') return { action: 'ListRegions' };
  if (method === 'POST' && path === '/v2/email/list-identities') return { action: 'ListEmailIdentities' };
  if (method !== 'GET') return undefined;
  if (path === '/v2/email/identities') return { action: 'ListEmailIdentities' };
  const one = /^\/v2\/email\/identities\/([^/]+)$/.exec(path);
  return one === null ? undefined : { action: 'GetEmailIdentity', subject: decodeURIComponent(one[1] ?? '') };
}
