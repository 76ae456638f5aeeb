// The sentence that a gap shows: what is missing, where, and nothing that is secret.
import type { Target } from '../model/identity.ts';
import { refuserIn } from '../model/refusal.ts';
import { visible } from '../model/safe-text.ts';
import { type ErrorFacts, errorFacts, type Failure, failureKind } from './failure.ts';

export interface CallContext {
  /** The IAM action, such as `ses:GetEmailIdentity`. */
  readonly action: string;
  readonly target: Target;
  /** Who called: a role's ARN, or absent for the monitor's own credentials. */
  readonly roleArn?: string;
  /** What must not stand in the sentence, whatever AWS quotes. */
  readonly secrets?: readonly string[];
}

/** What an error of a call to SES means, with its sentence. */
export function sesFailure(error: unknown, context: CallContext): Failure {
  const facts = factsWithout(context.secrets ?? [], error);
  const kind = failureKind(facts, context.target.region);
  const { account, region } = context.target;
  const caller = context.roleArn ?? "the monitor's own credentials";
  const name = visible(facts.name || facts.code || 'Error', 80);
  switch (kind) {
    case 'denied':
      return { kind, by: refuserIn(facts.message), detail: `${caller} may not call ${context.action} in ${region}${denialHint(facts)}` };
    case 'region-off':
      return { kind, detail: regionOffSentence(facts, account, region, name) };
    case 'credentials':
      return { kind, detail: credentialSentence(facts, name, caller) };
    case 'throttled':
      return {
        kind,
        detail: `SES throttles ${context.action} in ${region} (account ${account}): other tools share its limit of about one call a second.`,
      };
    case 'transient':
      return { kind, detail: `SES did not answer ${context.action} in ${region}: ${reasonWords(facts, name)}.` };
    case 'not-found':
    case 'bad-request':
    case 'role-refused':
    case 'other':
      return { kind, detail: `SES answered ${context.action} in ${region} with ${reasonWords(facts, name)}.` };
  }
}

/** What an error of AssumeRole means. `secrets` (the external id) never appear in the sentence, whatever AWS quotes. */
export function roleFailure(error: unknown, roleArn: string, region: string, secrets: readonly string[]): Failure {
  const facts = factsWithout(secrets, error);
  const kind = failureKind(facts, region);
  const name = visible(facts.name || facts.code || 'Error', 80);
  switch (kind) {
    case 'denied':
      return {
        kind: 'role-refused',
        by: refuserIn(facts.message),
        detail:
          `${roleArn} cannot be assumed${byOrganisation(facts.message)}. Check that the role exists, that its trust policy allows sts:AssumeRole and sts:SetSourceIdentity ` +
          "to this account with aws:PrincipalArn equal to the ARN of the monitor's role, that the external id is the same on both sides, " +
          "and that the monitor's role may call sts:AssumeRole on it.",
      };
    case 'region-off':
      return { kind, detail: `STS cannot be used in ${region} (${name}): the region is not enabled for this account.` };
    case 'credentials':
      return { kind, detail: credentialSentence(facts, name, "the monitor's own credentials") };
    case 'throttled':
      return { kind, detail: `STS throttles sts:AssumeRole for ${roleArn}.` };
    case 'transient':
      return { kind, detail: `STS did not answer for ${roleArn}: ${reasonWords(facts, name)}.` };
    case 'not-found':
    case 'bad-request':
    case 'role-refused':
    case 'other':
      return { kind: 'role-refused', detail: `${roleArn} cannot be assumed: ${reasonWords(facts, name)}.` };
  }
}

/** The facts of an error without what is secret. Before anything is cut: half a secret is still one. */
export function factsWithout(secrets: readonly string[], error: unknown): ErrorFacts {
  const facts = errorFacts(error);
  return { ...facts, message: without(secrets, facts.message) };
}

/** Removes secrets from a text. */
function without(secrets: readonly string[], text: string): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '[hidden]')), text);
}

/** Which kind of policy refuses, where AWS tells; begins with a colon. Source: IAM User Guide, "Troubleshoot access denied error messages". */
export function denialHint({ name, message }: ErrorFacts): string {
  if (name === 'AccountSuspendedException') return ': SES has suspended the account.';
  const organisation = byOrganisation(message);
  if (organisation !== '') return `${organisation}. The organisation must allow it; no policy of the role can.`;
  if (/permissions boundary/i.test(message)) return ": the role's permissions boundary does not allow it.";
  if (/session policy/i.test(message)) return ': a session policy does not allow it.';
  if (/VPC endpoint polic/i.test(message)) return ": the VPC endpoint's policy does not allow it.";
  if (/explicit deny/i.test(message)) return ': a policy denies it explicitly.';
  return ': add it to a policy of the role.';
}

function byOrganisation(message: string): string {
  if (/service control polic/i.test(message)) return ': denied by a service control policy of the organisation';
  if (/resource control polic/i.test(message)) return ': denied by a resource control policy of the organisation';
  return '';
}

function regionOffSentence(facts: ErrorFacts, account: string, region: string, name: string): string {
  if (facts.code === 'ENOTFOUND')
    return `The address of SES in ${region} does not exist: SES is not offered there, or name resolution fails where the monitor runs.`;
  return `${region} is not enabled in account ${account}, or SES is not available to the account there (${name}).`;
}

function credentialSentence(facts: ErrorFacts, name: string, caller: string): string {
  // Refusals of a signature quote what was signed, session token included: only the name is told.
  if (facts.name !== 'CredentialsProviderError') return `AWS does not accept ${caller} (${name}).`;
  return `No usable AWS credentials were found: ${visible(facts.message, 200)}`;
}

/** The error's name and message, cut, with whatever looks like a key or a token taken out. */
export function reasonWords(facts: ErrorFacts, name: string): string {
  if (facts.name === 'AbortError' || facts.name === 'TimeoutError') return 'no answer in time';
  const message = visible(facts.message, 200).replace(/[A-Za-z0-9+/=_-]{40,}|\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '[hidden]');
  return message === '' ? name : `${name} (${message.replace(/\.$/, '')})`;
}
