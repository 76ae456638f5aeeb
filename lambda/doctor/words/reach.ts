// Words for DNS, the function itself, and what was not looked at.
import type { Link } from '../../model/checkup.ts';
import { type Entries, shellWord, shown } from './entry.ts';

const FIREWALL = (transport: string): string =>
  `Let ${transport} to port 53 out: in a VPC that is the security group, the network ACL and the route; on a machine, its firewall.`;

const logs = (): string => 'aws logs tail /ses-dkim-monitor/sweeps --since 1h';

/** The words for a link that another one hangs on. */
const DEPENDS: { readonly [L in Link]: string } = {
  function: 'the function',
  configuration: 'the configuration',
  credentials: 'the credentials',
  role: 'the role in that account',
  regions: 'account:ListRegions',
  list: 'ses:ListEmailIdentities',
  detail: 'ses:GetEmailIdentity',
  status: 'ses:GetIdentityDkimAttributes',
  bucket: 'the bucket',
  'memory-read': 's3:GetObject',
  'memory-write': 's3:PutObject',
  'last-sweep': 'the last sweep',
  topic: 'the topic',
  subscriptions: 'the subscriptions',
  publish: 'the publishing',
  'event-bus': 'the event bus',
  'resolver-udp': 'a resolver that answers',
  'resolver-tcp': 'a resolver that answers',
  dnssec: 'DNSSEC',
  'authority-udp': 'an authoritative server',
  'authority-tcp': 'an authoritative server',
  heartbeat: 'the heartbeat',
};

export const REACH: Entries<
  | 'no-resolvers'
  | 'resolver-mute'
  | 'resolver-refuses'
  | 'not-validating'
  | 'authority-mute'
  | 'authority-unfound'
  | 'function-missing'
  | 'invoke-denied'
  | 'function-old'
  | 'function-failed'
  | 'function-untold'
  | 'heartbeat-failed'
  | 'depends-on'
  | 'not-set'
  | 'not-asked'
  | 'not-deployed'
  | 'not-known'
> = {
  'no-resolvers': {
    outcome: 'fail',
    words: () => ({
      title: 'There is no resolver to ask',
      todo: 'Set "dns": {"resolvers": ["1.1.1.1", "8.8.8.8"]} in monitor.config.json and deploy again: the system names none with an IPv4 address.',
    }),
  },
  'resolver-mute': {
    outcome: 'fail',
    words: ({ transport }) => ({
      title: `A resolver does not answer over ${transport}`,
      says:
        transport === 'TCP'
          ? 'Long answers come over TCP: without it some domains cannot be judged.'
          : 'Without it nothing can be looked up by this resolver.',
      todo: `${FIREWALL(transport)} Or set other "dns.resolvers" in monitor.config.json and deploy again.`,
      commands: [`dig ${transport === 'TCP' ? '+tcp' : '+notcp'} @RESOLVER SOA com`],
    }),
  },
  'resolver-refuses': {
    outcome: 'fail',
    words: ({ transport, rcode }) => ({
      title: `A resolver answers ${shown(rcode)} over ${transport}`,
      says: rcode === 'REFUSED' ? 'It does not resolve for this client.' : 'It speaks, and resolves nothing.',
      todo: 'Set other "dns.resolvers" in monitor.config.json and deploy again, such as ["1.1.1.1", "8.8.8.8"].',
      commands: ['dig @RESOLVER SOA com'],
    }),
  },
  'not-validating': {
    outcome: 'warn',
    words: () => ({
      title: 'No resolver validates DNSSEC',
      says: 'Broken DNSSEC of a domain (the finding dnssec-bogus) cannot be seen without one that does. The resolver of a VPC and of Lambda validates only where that is switched on.',
      todo: 'Set "dns": {"resolvers": ["1.1.1.1", "8.8.8.8"]} in monitor.config.json and deploy again.',
      commands: ['dig +adflag @RESOLVER SOA com'],
    }),
  },
  'authority-mute': {
    outcome: 'fail',
    words: ({ transport }) => ({
      title: `The name servers of a domain do not answer over ${transport}`,
      says: 'The monitor asks the name servers themselves, not only resolvers.',
      todo: FIREWALL(transport),
      commands: [`dig ${transport === 'TCP' ? '+tcp' : '+notcp'} +norec @NAME_SERVER SOA amazonses.com`],
    }),
  },
  'authority-unfound': {
    outcome: 'unknown',
    words: () => ({
      title: 'No name server was found to be asked itself',
      todo: 'Mend the resolvers first, and repeat this command.',
    }),
  },
  'function-missing': {
    outcome: 'fail',
    words: ({ functionName, region }) => ({
      title: `There is no function ${shown(functionName)} in ${shown(region)}`,
      todo: 'Deploy the monitor; or, if it is deployed elsewhere, set AWS_REGION and AWS_PROFILE to that place or name it with --function. To check without it: --local.',
      commands: ['npx cdk deploy', 'npx dkim-monitor doctor --local'],
    }),
  },
  'invoke-denied': {
    outcome: 'unknown',
    words: ({ functionName, action }) => ({
      title: `You may not call ${shown(action)} on ${shown(functionName)}`,
      says: 'So the function could not be asked to check with its own rights; what follows was checked with yours. It says nothing about the monitor itself.',
      todo: `Get the permission ${shown(action)} on the function, or have somebody run this who has it.`,
    }),
  },
  'function-old': {
    outcome: 'fail',
    words: ({ functionName }) => ({
      title: `The function ${shown(functionName)} does not know this check`,
      says: 'It was deployed from an older version, or is something else.',
      todo: 'Deploy this version.',
      commands: ['npx cdk deploy'],
    }),
  },
  'function-failed': {
    outcome: 'fail',
    words: ({ functionName }) => ({
      title: `The function ${shown(functionName)} failed`,
      todo: 'Its log says more. A function that fails at once may lack a part of its deployment: deploy again.',
      commands: [logs(), 'npx cdk deploy'],
    }),
  },
  'function-untold': {
    outcome: 'unknown',
    words: ({ functionName }) => ({
      title: `Lambda could not be asked about ${shown(functionName)}`,
      todo: 'What it answered stands above. Try again in a minute.',
      commands: [`aws lambda get-function-configuration --function-name ${shellWord(functionName, 'FUNCTION')}`],
    }),
  },
  'heartbeat-failed': {
    outcome: 'fail',
    words: () => ({
      title: "The dead man's switch cannot be pinged",
      todo: 'Compare "operations.heartbeatUrl" with the address that its service shows, and let https out.',
    }),
  },
  'depends-on': { outcome: 'skipped', words: ({ link }) => ({ title: `needs ${DEPENDS[link]}` }) },
  'not-set': { outcome: 'skipped', words: ({ setting }) => ({ title: `${setting} is not set` }) },
  'not-asked': { outcome: 'skipped', words: ({ flag }) => ({ title: `only with ${flag}` }) },
  'not-deployed': {
    outcome: 'skipped',
    words: ({ functionName, region }) => ({ title: `there is no ${shown(functionName)} in ${shown(region)}` }),
  },
  'not-known': {
    outcome: 'skipped',
    words: ({ what }) => ({
      title: what === 'bucket' ? 'which bucket it is, is not known: give --bucket' : 'which topic it is, is not known: give --topic',
    }),
  },
};
