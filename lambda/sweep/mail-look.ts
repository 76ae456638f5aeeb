// Asks about a custom MAIL FROM domain: its MX and its SPF record, of some of its servers.
import { judgeMx, mayAllowSes } from '../dkim/mail-from.ts';
import type { IdentityHistory, MailRound } from '../model/evidence.ts';
import type { DnsRecord, Lookup, NameServer } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Dns } from './ports.ts';
import { hashOf, partOf } from './spread.ts';

/** Two are needed to call something missing. In a panel more, and always the same: what one of them says must not come and go with the hour. */
const SERVERS = { look: 2, panel: 4 } as const;
/** SES checks it rarely, and mail goes on without it: once an hour is early enough, and keeps a healthy identity cheap in between. */
const EVERY_MS = 3_600_000;

/** True once in each hour, each identity at a time of its own, and at first sight. `now` is ms since the epoch. */
export function isMailDue(key: string, history: IdentityHistory | undefined, now: number): boolean {
  const at = history?.mailAskedAt;
  // A clock that went back must not make it wait.
  return at === undefined || hourOf(key, now) !== hourOf(key, Date.parse(at));
}

/** Which hour it is for an identity, whose hours begin at a minute of its own. */
const hourOf = (key: string, at: number): number => Math.floor((at + partOf(EVERY_MS, key)) / EVERY_MS);

/** How a round is asked: the hourly look asks other servers each hour (`now`, ms since the epoch); a panel asks the same ones, in its second round on new sockets. */
export type MailAsking = { readonly by: 'look'; readonly now: number } | { readonly by: 'panel'; readonly newSocket?: true };

/** One round. Undefined if nobody knows who answers for the domain: that is not for this question to tell. */
export async function mailRound(domain: DnsName, dns: Dns, asking: MailAsking): Promise<MailRound | undefined> {
  const delegation = await dns.delegation(domain);
  if (delegation.kind !== 'delegated') return undefined;
  const addresses = new Map(delegation.servers.map((server) => [server.address, server]));
  const all = [...addresses.values()];
  // By the hour and not by the sweep: a dozen sweeps an hour would bring most sets of servers back to where they were.
  const first = asking.by === 'look' ? (hourOf(domain, asking.now) * SERVERS.look + hashOf(domain)) % Math.max(1, all.length) : 0;
  const servers = [...all.slice(first), ...all.slice(0, first)].slice(0, SERVERS[asking.by]);
  const options = asking.by === 'panel' && asking.newSocket ? { newSocket: true } : {};
  const ask = (type: 'MX' | 'TXT') => Promise.all(servers.map((server: NameServer) => dns.ask(server, { name: domain, type }, options)));
  const [mx, txt] = await Promise.all([ask('MX'), ask('TXT')]);
  return { mx, txt, servers: addresses.size };
}

/**
 * Somebody who answers does not show exactly one MX of SES, as far as its hosts are known, and an SPF record. Where a CNAME leads out of what
 * the server knows it cannot say: no panel would tell more, and one would be asked for in every hour.
 */
export function isMailDoubted({ mx, txt }: MailRound): boolean {
  const texts = (lookup: Lookup): readonly string[] =>
    lookup.outcome.kind === 'answer' ? lookup.outcome.records.flatMap((r) => (r.type === 'TXT' ? [r.strings.join('')] : [])) : [];
  const wrong = (lookup: Lookup, isRight: () => boolean): boolean =>
    lookup.outcome.kind === 'absent' || (lookup.outcome.kind === 'answer' && !isRight());
  return (
    mx.some((one) => wrong(one, () => one.outcome.kind === 'answer' && isRightMx(one.outcome.records))) ||
    txt.some((one) => wrong(one, () => mayAllowSes(texts(one)) || (texts(one).length === 0 && hasCname(one))))
  );
}

function isRightMx(records: readonly DnsRecord[]): boolean {
  return ['right', 'unknown', 'elsewhere'].includes(judgeMx(records));
}

const hasCname = ({ outcome }: Lookup): boolean => outcome.kind === 'answer' && outcome.records.some(({ type }) => type === 'CNAME');
