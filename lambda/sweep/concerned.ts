// Which identities an early check is about: those that events named, and those whose DNS answers lie where records were changed. Pure.
import type { ChangedName, Focus } from '../model/focus.ts';
import { type Identity, type Target, targetKey } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';

/** Returns the function that tells whether an identity is to be looked at. */
export function concernedBy(focus: Focus): (identity: Identity) => boolean {
  const named = new Map([...focus.named].map(([target, { names }]) => [target, new Set(names.map((name) => name.toLowerCase()))]));
  // Replicas of a domain share its records and their alert: one of them is looked at with all that the account has of that name.
  const inAccount = new Set([...focus.named].flatMap(([target, { names }]) => names.map((name) => sameName(target, name))));
  const touches = touchedBy(focus.changed);
  return (identity) => {
    const key = targetKey(identity);
    if (focus.named.get(key)?.whole === true || named.get(key)?.has(identity.identity) === true) return true;
    return (
      inAccount.has(sameName(key, identity.identity)) ||
      (identity.domain !== undefined && touches(identity.domain, identity.ses.mailFrom?.domain))
    );
  };
}

/** Targets that may hold such an identity, of those configured. */
export function targetsOf(focus: Focus, configured: readonly Target[]): readonly Target[] {
  if (focus.changed.length > 0) return configured;
  const accounts = new Set([...focus.named].filter(([, { names }]) => names.length > 0).map(([target]) => accountOf(target)));
  return configured.filter((target) => focus.named.has(targetKey(target)) || accounts.has(target.account));
}

const accountOf = (target: string): string => target.slice(0, target.indexOf('/'));
const sameName = (target: string, name: string): string => `${accountOf(target)} ${name.toLowerCase()}`;

/**
 * Where the answers about a domain come from: all at or below `_domainkey.<domain>`, its custom MAIL FROM domain, and the DMARC policy of the domain or of one above it.
 * A delegation or a wildcard touches whatever lies at it or below.
 */
function touchedBy(changed: readonly ChangedName[]): (domain: DnsName, mailFrom: DnsName | undefined) => boolean {
  const exact = new Set<string>(changed.map(({ name }) => name));
  const below = new Set<string>(changed.flatMap((one) => (one.below ? [one.name] : [])));
  // The domains below whose `_domainkey` something was changed.
  const keys = new Set(
    changed.flatMap(({ name }) => {
      const labels = name.split('.');
      return labels.flatMap((label, i) => (label === '_domainkey' ? [labels.slice(i + 1).join('.')] : []));
    }),
  );
  return (domain, mailFrom) => {
    if (keys.has(domain)) return true;
    if (mailFrom !== undefined && (exact.has(mailFrom) || upwards(mailFrom).some((name) => below.has(name)))) return true;
    return upwards(domain).some((name) => below.has(name) || exact.has(`_dmarc.${name}`));
  };
}

/** The name and all above it, but for the root. */
function upwards(name: DnsName): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}
