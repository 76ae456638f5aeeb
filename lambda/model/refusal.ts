// Who refused, where AWS says so.

/** The policy that stood in the way. */
export type Refuser =
  | 'organisation'
  | 'boundary'
  | 'session-policy'
  | 'endpoint'
  | 'own-policy'
  | 'trust'
  | 'source-identity'
  | 'explicit-deny'
  /** AWS does not say. */
  | 'untold';

/**
 * Reads it out of the text of a denial; `untold` where AWS does not say, as STS for a role that does not exist.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function refuserIn(message: string): Refuser {
  if (/(service|resource) control polic/i.test(message)) return 'organisation';
  if (/permissions boundary/i.test(message)) return 'boundary';
  if (/session policy/i.test(message)) return 'session-policy';
  if (/VPC endpoint polic/i.test(message)) return 'endpoint';
  if (/SetSourceIdentity/.test(message)) return 'source-identity';
  if (/role trust policy|resource-based policy/i.test(message)) return 'trust';
  if (/no identity-based policy allows/i.test(message)) return 'own-policy';
  return /explicit deny/i.test(message) ? 'explicit-deny' : 'untold';
}
