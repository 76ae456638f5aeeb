// What to make of what cannot be judged: what it means, whether the fault may be ours, and what people can do, cause by cause.
import type { AffectedIdentity, Alert } from '../model/alert.ts';
import type { Lookup } from '../model/lookup.ts';
import { type DnsName, parseDnsName } from '../model/names.ts';
import { listed } from './layout.ts';
import { unjudgedFinding } from './unjudged.ts';

/** What the monitor knows besides the alerts themselves. */
export interface Surroundings {
  /** How many identities of the alerts' targets have records to be looked up. */
  readonly watched?: number | undefined;
  /** Name servers that all of them have in common. */
  readonly sharedNameServers?: readonly string[] | undefined;
}

export interface Advice {
  /** What it means, in a few sentences. */
  readonly meaning: string;
  /** What happens next if nobody does anything. */
  readonly next: string;
  /** That the fault may be on the monitor's side; empty unless DNS fails for nearly everything that is watched there. */
  readonly ours: string;
  /** What people can do: a step for each cause, the most frequent first, with whom it concerns if there are several; then a look for oneself. */
  readonly steps: readonly string[];
}

/** Advice about these alerts, worked out once for all bodies of a message. */
export function adviceOf(alerts: readonly Alert[], { watched, sharedNameServers = [] }: Surroundings): Advice {
  const causes = new Map<Cause, string[]>();
  for (const { affected } of alerts)
    for (const one of affected) {
      const cause = causeOf(one);
      const names = causes.get(cause);
      if (names) names.push(one.subject.identity);
      else causes.set(cause, [one.subject.identity]);
    }
  const inAll = alerts.reduce((n, { affected }) => n + affected.length, 0);
  return {
    meaning: meaningOf(inAll, sharedNameServers),
    next: nextOf(inAll),
    ours: maybeOurs(causes, watched),
    steps: [...stepsOf(causes), ...lookYourself(inAll, alerts.find(({ affected }) => affected.length > 0)?.affected[0])],
  };
}

/** What to do about one identity that somebody asked about at a terminal: the same steps, and a look at the machine that asked. */
export function stepsOfOne(one: AffectedIdentity): readonly string[] {
  const cause = causeOf(one);
  const here = MAYBE_OURS.includes(cause)
    ? [
        'If other domains cannot be judged either, the fault may be on this side: the machine that asks needs UDP and TCP port 53 to the world.',
      ]
    : [];
  return [STEPS[cause], ...here, ...lookYourself(1, one)];
}

function meaningOf(n: number, servers: readonly string[]): string {
  const shared = n === 1 || servers.length === 0 ? '' : ` All of them are served by ${listed(servers, 6)}: look there first.`;
  return `For an hour or longer we could not tell whether ${n === 1 ? 'its' : 'their'} DKIM is in order. That is neither "healthy" nor "broken".${shared}`;
}

const nextOf = (n: number): string =>
  `The monitor asks again in every sweep, and tells you when ${n === 1 ? 'it' : 'they'} can be judged again. ` +
  'If a record vanishes meanwhile, you will not hear of it from here; an alert that was open stays open, and its deadlines are told as they come.';

type Causes = ReadonlyMap<Cause, readonly string[]>;

/** Causes that a fault of the monitor's own network would show as. */
const MAYBE_OURS: readonly Cause[] = ['refused', 'failing', 'silent', 'resolvers', 'unanswered'];

function maybeOurs(causes: Causes, watched: number | undefined): string {
  if (watched === undefined) return '';
  const n = MAYBE_OURS.reduce((sum, cause) => sum + (causes.get(cause)?.length ?? 0), 0);
  // Of one or two identities, all of them says nothing.
  if (n < 3 || n * 10 < watched * 9) return '';
  return (
    `That is ${n >= watched ? 'everything' : 'nearly everything'} that is watched there, so the fault may be ours: the network that the monitor runs in ` +
    '(it needs UDP and TCP port 53 to the world), or the resolvers that it asks ("dns" in monitor.config.json). Look at those first.'
  );
}

function stepsOf(causes: Causes): readonly string[] {
  return [...causes.entries()]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([cause, names]) => `${causes.size > 1 ? `${listed(names, 3)}: ` : ''}${STEPS[cause]}`);
}

type Cause =
  | 'refused'
  | 'failing'
  | 'silent'
  | 'resolvers'
  | 'ipv6-only'
  | 'private'
  | 'unconfirmed'
  | 'odd'
  | 'time'
  | 'ses'
  | 'unanswered';

const STEPS: { readonly [K in Cause]: string } = {
  refused:
    'The name servers answer, but refuse to speak for the domain: its zone may have been deleted there. Ask the DNS host whether the zone still exists. If the domain has moved, its registrar must name the new name servers.',
  failing: 'The name servers answer with an error of their own. Ask the DNS host to look at the zone.',
  silent:
    'The name servers do not answer. Look at the delegation of the domain: does its registrar name servers that still exist? If so, ask the DNS host what is wrong with them.',
  unanswered: 'No name server gave an answer that counts. Look at the delegation of the domain at its registrar, then ask the DNS host.',
  resolvers:
    'The resolvers that this monitor asks gave no answer of use. If that hits many domains, look at "dns" in monitor.config.json and at the network of the monitor; if few, at the delegation of the domain at its registrar.',
  'ipv6-only':
    'The name servers have IPv6 addresses only, and this monitor has no way to reach those. Ask the DNS host for an IPv4 address beside them.',
  private:
    'The name servers have addresses that are not public, which this monitor does not ask. If they are yours and it can reach them, set "allowPrivateNameServers" under "dns" in monitor.config.json.',
  unconfirmed:
    'The answers changed from one question to the next. If that lasts, ask the DNS host whether all its servers hold the same zone.',
  odd: 'Something is published that was not expected, in a way that this monitor cannot judge. Compare it with the records that SES shows for the identity.',
  time: 'The time of the sweeps ran out before it was looked at. Watch fewer accounts and regions in one deployment, or sweep less often.',
  ses: 'SES did not tell what would be needed to judge it. Look at the identity in the SES console.',
};

function causeOf(one: AffectedIdentity): Cause {
  const finding = unjudgedFinding(one);
  switch (finding?.facts.reason) {
    case 'dns-unanswered':
      return failureOf(finding.evidence);
    case 'resolver-failed':
      return 'resolvers';
    case 'ipv6-only':
      return 'ipv6-only';
    case 'address-refused':
      return 'private';
    case 'unconfirmed':
      return 'unconfirmed';
    case 'not-judged':
      return 'odd';
    case 'out-of-time':
      return 'time';
    case 'no-expectation':
    case 'not-read':
      return 'ses';
    // What an older or newer version has remembered.
    default:
      return 'unanswered';
  }
}

// What most of the servers did.
function failureOf(evidence: readonly Lookup[]): Cause {
  const counts = { refused: 0, failing: 0, silent: 0 };
  for (const { server, outcome } of evidence) {
    if (server.role !== 'authoritative') continue;
    if (outcome.kind === 'lame') counts.refused += 1;
    if (outcome.kind === 'broken') counts.failing += 1;
    if (outcome.kind === 'silent' || (outcome.kind === 'not-asked' && outcome.how === 'server-dead')) counts.silent += 1;
  }
  const most = Math.max(...Object.values(counts));
  if (most === 0) return 'unanswered';
  return counts.refused === most ? 'refused' : counts.failing === most ? 'failing' : 'silent';
}

// Commands hold parsed names only.
function lookYourself(inAll: number, first: AffectedIdentity | undefined): readonly string[] {
  const finding = first === undefined ? undefined : unjudgedFinding(first);
  if (first === undefined || finding === undefined) return [];
  const domain = domainOf(finding.zone ?? first.subject.identity);
  const [record] = finding.records;
  const commands = [...(domain === undefined ? [] : [`dig NS ${domain}`]), ...(record === undefined ? [] : [`dig TXT ${record.name}`])];
  if (commands.length === 0) return [];
  return [`Ask for yourself${inAll > 1 ? ', such as for the first of them' : ''}:\n${commands.join('\n')}`];
}

function domainOf(identity: string): DnsName | undefined {
  const parsed = parseDnsName(identity.slice(identity.lastIndexOf('@') + 1));
  return parsed.ok ? parsed.value : undefined;
}
