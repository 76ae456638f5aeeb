// Asks about a custom MAIL FROM domain: its MX and its SPF record, of two of its servers.
import { judgeMx, mayAllowSes } from '../dkim/mail-from.ts';
import type { IdentityHistory, MailRound } from '../model/evidence.ts';
import type { Lookup, NameServer } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Dns } from './ports.ts';

/** Two are needed to call something missing. */
const SERVERS = 2;
/** SES checks it rarely, and mail goes on without it: once an hour is early enough, and keeps a healthy identity cheap in between. */
const EVERY_MS = 3_600_000;

/** True if it was not asked for within the last hour, or never. */
export function isMailDue(history: IdentityHistory | undefined, now: number): boolean {
  const at = history?.mailAskedAt;
  return at === undefined || now - Date.parse(at) >= EVERY_MS;
}

/** One round. Undefined if nobody knows who answers for the domain: that is not for this question to tell. */
export async function mailRound(domain: DnsName, dns: Dns, newSocket = false): Promise<MailRound | undefined> {
  const delegation = await dns.delegation(domain);
  if (delegation.kind !== 'delegated') return undefined;
  const addresses = new Map(delegation.servers.map((server) => [server.address, server]));
  const servers = [...addresses.values()].slice(0, SERVERS);
  const options = newSocket ? { newSocket } : {};
  const ask = (type: 'MX' | 'TXT') => Promise.all(servers.map((server: NameServer) => dns.ask(server, { name: domain, type }, options)));
  const [mx, txt] = await Promise.all([ask('MX'), ask('TXT')]);
  return { mx, txt, servers: addresses.size };
}

/** Somebody who answers does not show exactly one MX of SES, as far as its hosts are known, and an SPF record. */
export function isMailDoubted({ mx, txt }: MailRound): boolean {
  const texts = (lookup: Lookup): readonly string[] =>
    lookup.outcome.kind === 'answer' ? lookup.outcome.records.flatMap((r) => (r.type === 'TXT' ? [r.strings.join('')] : [])) : [];
  const wrong = (lookup: Lookup, isRight: () => boolean): boolean =>
    lookup.outcome.kind === 'absent' || (lookup.outcome.kind === 'answer' && !isRight());
  return (
    mx.some((one) => wrong(one, () => one.outcome.kind === 'answer' && ['right', 'unknown'].includes(judgeMx(one.outcome.records)))) ||
    txt.some((one) => wrong(one, () => mayAllowSes(texts(one))))
  );
}
