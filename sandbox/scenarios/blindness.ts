// Scenarios in which something cannot be seen: never "healthy", never "missing".
import { HOSTER_B } from './estate.ts';
import { FIRST_LIGHT_WORLD, HOME, MEMBER, READ_ROLE } from './first-light.ts';
import { atMost, only, says, UNDECIDED, UNKNOWN } from './kinds.ts';
import { ACCOUNT, DOMAIN, REGION, SUBJECT, shopScenario, shopWorld, TARGET } from './one-shop.ts';
import { type Expectation, NOW, type Scenario, type Step } from './plot.ts';

/** The target cannot be read; nothing is said about its identities. */
const unreadable = (reason: string): Expectation => says({ 'target-unreadable': { reason } });

const fault = (title: string, status: number, code: string): Step => ({
  title,
  minutesLater: 120,
  apply: (s) => void s.aws.faults.push({ account: ACCOUNT, region: REGION, service: 'ses', status, code }),
});

/** After several sweeps the identity counts as one that nobody can judge. That its servers do not answer may be said as well. */
const UNJUDGED: Expectation = only('identity-unknown', 'unknown', { maybe: ['nameserver-broken'] });
/** The servers are there and useless, which is not "missing": that is said, or at least that nobody can judge. */
const USELESS: Expectation = atMost(['nameserver-broken', 'identity-unknown'], ['broken', 'unknown']);

const blind = (
  name: string,
  describe: string,
  steps: readonly Step[],
  options: Parameters<typeof shopScenario>[4] & { readonly expect?: Expectation } = {},
): Scenario => shopScenario(name, describe, steps, options.expect ?? UNJUDGED, options);
/** Four sweeps are "several". */
const always = { sweeps: 5 };

export const blindness: readonly Scenario[] = [
  {
    name: 'role-refused',
    describe:
      'The role in the member account can no longer be assumed. What DNS says about its identities is still known from the last inventory.',
    world: FIRST_LIGHT_WORLD,
    now: NOW,
    steps: [
      {
        title: 'The role of the member account refuses',
        minutesLater: 120,
        apply: (s) => void s.aws.denyRoles.add(`arn:aws:iam::${MEMBER}:role/${READ_ROLE}`),
      },
    ],
    expect: Object.fromEntries(
      ['us-east-1', 'eu-west-1', 'eu-south-1'].map((region) => [`${MEMBER}/${region}`, unreadable('role-refused')]),
    ),
  },
  shopScenario('ses-denied', 'A policy forbids reading SES.', [fault('SES may no longer be read', 403, 'AccessDeniedException')], {
    [TARGET]: unreadable('denied'),
  }),
  shopScenario('ses-throttled', 'SES throttles to the end.', [fault('SES throttles every call', 429, 'TooManyRequestsException')], {
    [TARGET]: unreadable('throttled'),
  }),
  shopScenario('ses-broken', 'SES fails with errors of its own.', [fault('SES fails', 500, 'InternalServiceErrorException')], {
    [TARGET]: unreadable('error'),
  }),
  {
    name: 'region-off',
    describe: 'A configured region is not switched on in the account: AWS answers there as if the key were unknown.',
    world: FIRST_LIGHT_WORLD,
    now: NOW,
    steps: [{ title: 'The region is switched off', minutesLater: 120, apply: (s) => void s.aws.regionsOff.add(`${HOME}/eu-south-1`) }],
    expect: { [`${HOME}/eu-south-1`]: unreadable('region-off') },
  },
  blind('servers-silent', 'No name server of the domain answers.', [
    {
      title: 'All servers of the domain fall silent',
      ...always,
      apply: (s) => void s.dns.behave({ servers: [`zone:${DOMAIN}`], behaviour: { kind: 'silent' } }),
    },
  ]),
  blind(
    'servers-servfail',
    'Every name server of the domain fails.',
    [
      {
        title: 'All servers of the domain begin to fail',
        ...always,
        apply: (s) => void s.dns.behave({ servers: [`zone:${DOMAIN}`], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } }),
      },
    ],
    { expect: USELESS },
  ),
  blind(
    'servers-lame',
    'The name servers no longer know the domain: lame, which is not "missing".',
    [
      {
        title: 'The servers forget the domain',
        ...always,
        apply: (s) => void s.dns.behave({ servers: [`zone:${DOMAIN}`], names: [DOMAIN], behaviour: { kind: 'rcode', rcode: 'REFUSED' } }),
      },
    ],
    { expect: USELESS },
  ),
  blind('ports-closed', 'The name servers are reachable and refuse: no DNS server runs there.', [
    { title: "The ports of the domain's servers are closed", ...always, apply: (s) => s.dns.setOpen(`zone:${DOMAIN}`, false) },
  ]),
  blind(
    'ipv6-only',
    'The name servers have IPv6 addresses only, and the monitor has no IPv6.',
    [{ title: 'Time passes', ...always, apply: () => undefined }],
    {
      zone: { ns: ['ns1.six-host.org', 'ns2.six-host.org'] },
      nameServers: { 'ns1.six-host.org': ['2001:db8::53'], 'ns2.six-host.org': ['2001:db8::54'] },
      starts: { [SUBJECT]: UNKNOWN },
      // They are well: it is we who cannot reach them.
      expect: only('identity-unknown', 'unknown'),
    },
  ),
  blind(
    'private-name-servers',
    'The delegation names private addresses, those of cloud metadata and loopback among them: they are not asked.',
    [{ title: 'Time passes', ...always, apply: () => undefined }],
    {
      zone: { ns: ['ns1.inside.org', 'ns2.inside.org', 'ns3.inside.org'] },
      zones: { 'inside.org': { ns: HOSTER_B } },
      nameServers: { 'ns1.inside.org': ['10.0.0.53'], 'ns2.inside.org': ['169.254.169.254'], 'ns3.inside.org': ['127.0.0.1'] },
      starts: { [SUBJECT]: atMost(['identity-unknown', 'nameserver-broken'], 'unknown') },
    },
  ),
  shopScenario(
    'one-private-name-server',
    'One of three name servers has a private address: it is not asked, the other two are enough.',
    [{ title: 'Time passes', sweeps: 2, apply: () => undefined }],
    atMost(['nameserver-broken'], 'healthy'),
    {
      zone: { ns: [...HOSTER_B.slice(0, 2), 'ns1.inside.org'] },
      zones: { 'inside.org': { ns: HOSTER_B } },
      nameServers: { 'ns1.inside.org': ['192.168.1.53'] },
      starts: { [SUBJECT]: atMost(['nameserver-broken'], 'healthy') },
    },
  ),
  shopScenario(
    'resolver-down',
    'Our own resolver answers nothing. The authoritative servers can be found by the registries: nothing is broken, nothing is closed.',
    [{ title: 'The resolver falls silent', apply: (s) => void s.dns.behave({ servers: ['resolver'], behaviour: { kind: 'silent' } }) }],
    { [SUBJECT]: atMost([], UNDECIDED) },
  ),
  shopScenario(
    'all-dns-down',
    'Nothing answers at all, our resolver included: our own outage. Nobody is broken.',
    [
      {
        title: 'All of DNS falls silent',
        apply: (s) => {
          s.dns.behave({ behaviour: { kind: 'silent' } });
          s.dns.behave({ servers: ['resolver'], behaviour: { kind: 'silent' } });
        },
      },
    ],
    { [SUBJECT]: UNKNOWN, [`${ACCOUNT}/${REGION}/fabrikam-mail.net`]: UNKNOWN },
  ),
  {
    name: 'one-identity-unreadable',
    describe: 'SES refuses to give the details of one identity, from the start. The others go on.',
    world: {
      ...shopWorld(),
      faults: [{ action: 'GetEmailIdentity', identity: DOMAIN, status: 403, code: 'AccessDeniedException' }],
    },
    now: NOW,
    steps: [],
    expect: { [SUBJECT]: UNKNOWN },
  },
];
