// STS: assuming roles of other accounts, and telling who one is.
import { type Answer, awsError, type Call, xml } from './call.ts';
import type { Estate } from './estate.ts';

/** AssumeRole: the role must exist, trust the caller's account and, if it asks for one, be given its external id. `denied` are role ARNs that refuse all the same; `now` is milliseconds since the epoch. */
export function assumeRole(estate: Estate, call: Call, denied: ReadonlySet<string>, now: number): Answer {
  const arn = call.form.get('RoleArn') ?? '';
  const name = call.form.get('RoleSessionName') ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(name))
    return awsError(400, 'ValidationError', "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint");
  const role = estate.roles.get(arn);
  const trusted = role !== undefined && role.trusts === call.account && isOnly(role.onlyRole, call.principal);
  const known = role?.externalId === undefined || role.externalId === call.form.get('ExternalId');
  if (!trusted || !known || denied.has(arn))
    return awsError(403, 'AccessDenied', `User: ${call.principal} is not authorized to perform: sts:AssumeRole on resource: ${arn}`);
  const account = arn.split(':')[4] ?? '';
  const { accessKeyId, sessionToken } = estate.openSession(account, role.name, name, allowedBy(call.form.get('Policy')));
  estate.sessionPolicies.push(call.form.get('Policy') ?? undefined);
  // The SDK compares the end of a session with its own clock, which may be the sandbox's or the machine's.
  const expiration = new Date(Math.max(now, Date.now()) + Number(call.form.get('DurationSeconds') ?? 3600) * 1000).toISOString();
  const credentials = [
    `<AccessKeyId>${accessKeyId}</AccessKeyId>`,
    `<SecretAccessKey>${secretOf(accessKeyId)}</SecretAccessKey>`,
    `<SessionToken>${sessionToken}</SessionToken>`,
    `<Expiration>${expiration}</Expiration>`,
  ].join('');
  const user = `<Arn>arn:aws:sts::${account}:assumed-role/${xml(role.name)}/${xml(name)}</Arn><AssumedRoleId>AROA${account}:${xml(name)}</AssumedRoleId>`;
  return { kind: 'xml', result: `<Credentials>${credentials}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>` };
}

const isOnly = (role: string | undefined, principal: string): boolean => role === undefined || principal.includes(`:assumed-role/${role}/`);

/** The actions of a session policy's one statement, which is all that this sandbox reads of IAM. */
function allowedBy(policy: string | null): ReadonlySet<string> | undefined {
  if (policy === null) return undefined;
  const { Statement: statements } = JSON.parse(policy) as { readonly Statement: readonly { readonly Action: readonly string[] }[] };
  return new Set(statements.flatMap(({ Action }) => Action));
}

/** GetCallerIdentity. */
export function getCallerIdentity(call: Call): Answer {
  const result = `<Arn>${xml(call.principal)}</Arn><UserId>AIDA${call.account}</UserId><Account>${call.account}</Account>`;
  return { kind: 'xml', result };
}

/** The secret that goes with an access key. Signatures are not checked, so it only has to be there. */
export function secretOf(accessKeyId: string): string {
  return `sandbox-secret-of-${accessKeyId}`;
}
