// SES v1 in its query-XML form: the DKIM attributes of up to 100 identities in one call.
import { type Answer, awsError, type Call, members, xml } from './call.ts';
import type { Estate } from './estate.ts';

const BATCH_LIMIT = 100;

// v1 has its own spelling of the same states.
const STATUS: Readonly<Record<string, string>> = {
  NOT_STARTED: 'NotStarted',
  PENDING: 'Pending',
  SUCCESS: 'Success',
  TEMPORARY_FAILURE: 'TemporaryFailure',
  FAILED: 'Failed',
};

/** GetIdentityDkimAttributes. Identities that do not exist are left out of the answer. */
export function getIdentityDkimAttributes(estate: Estate, call: Call): Answer {
  const names = members(call.form, 'Identities', BATCH_LIMIT);
  if (names.length > BATCH_LIMIT)
    return awsError(400, 'ValidationError', `Too many identities: at most ${BATCH_LIMIT} may be asked for in one call.`);
  const identities = estate.identitiesOf(call.account, call.region);
  const entries = [...new Set(names)].flatMap((name) => {
    const found = identities.get(name) ?? identities.get(name.toLowerCase());
    if (found === undefined || found.vanished || found.v1 === 'unknown') return [];
    const { Status, SigningEnabled, Tokens } = found.facts.DkimAttributes ?? {};
    const dkim = {
      Status: found.v1?.status ?? Status,
      SigningEnabled: found.v1?.enabled ?? SigningEnabled,
      Tokens: found.v1?.tokens ?? Tokens,
    };
    const tokens = (dkim.Tokens ?? []).map((token) => `<member>${xml(token)}</member>`).join('');
    const status = xml(STATUS[dkim.Status ?? ''] ?? dkim.Status ?? 'NotStarted');
    const value = `<DkimEnabled>${dkim.SigningEnabled ?? false}</DkimEnabled><DkimVerificationStatus>${status}</DkimVerificationStatus>`;
    const list = tokens === '' ? '' : `<DkimTokens>${tokens}</DkimTokens>`;
    return [`<entry><key>${xml(name)}</key><value>${value}${list}</value></entry>`];
  });
  return { kind: 'xml', result: `<DkimAttributes>${entries.join('')}</DkimAttributes>` };
}
