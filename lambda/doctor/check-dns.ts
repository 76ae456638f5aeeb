// Checks the way out to DNS, over both transports: every resolver, whether one of them validates, and the name servers of a domain.
import { dnsName } from '../model/names.ts';
import { amiss, type Check, fine } from './check.ts';
import type { AskedServer, DoctorWorld, Heard } from './ports.ts';
import type { Transport } from './trouble.ts';

/** Always there, and what every installation depends on. */
const DOMAIN = dnsName('amazonses.com');

interface ResolverLook {
  readonly checks: readonly Check[];
  readonly answers: boolean;
  readonly validates: boolean;
}

export async function checkDns(world: DoctorWorld): Promise<readonly Check[]> {
  if (world.resolvers.length === 0) return [amiss('resolver-udp', {}, { kind: 'no-resolvers' }), ...(await checkAuthorities(world))];
  const looks = await Promise.all(world.resolvers.map(checkResolver));
  const dnssec = looks.some(({ validates }) => validates)
    ? fine('dnssec', {}, `by ${looks.filter(({ validates }) => validates).length} of ${looks.length}`)
    : amiss('dnssec', {}, looks.some(({ answers }) => answers) ? { kind: 'not-validating' } : { kind: 'depends-on', link: 'resolver-udp' });
  return [...looks.flatMap(({ checks }) => checks), dnssec, ...(await checkAuthorities(world))];
}

async function checkResolver(server: AskedServer): Promise<ResolverLook> {
  const [udp, tcp] = await Promise.all([server.ask('UDP'), server.ask('TCP')]);
  const heard = [udp, tcp].filter((one) => one.kind === 'answer');
  return {
    checks: [resolverCheck(server.name, 'UDP', udp), resolverCheck(server.name, 'TCP', tcp)],
    answers: heard.length > 0,
    validates: heard.some(({ validated }) => validated),
  };
}

function resolverCheck(name: string, transport: Transport, heard: Heard): Check {
  const link = transport === 'UDP' ? 'resolver-udp' : 'resolver-tcp';
  const place = { subject: name };
  switch (heard.kind) {
    case 'answer':
      return fine(link, place);
    case 'refusal':
      return amiss(link, place, { kind: 'resolver-refuses', transport, rcode: heard.rcode });
    case 'silent':
      return amiss(link, place, { kind: 'resolver-mute', transport }, heard.how);
  }
}

/** One that answers is enough: a name server of somebody else's may be out of order. */
async function checkAuthorities(world: DoctorWorld): Promise<readonly Check[]> {
  const servers = await world.authorities(DOMAIN);
  if (servers.length === 0)
    return [
      amiss('authority-udp', {}, { kind: 'authority-unfound' }),
      amiss('authority-tcp', {}, { kind: 'depends-on', link: 'authority-udp' }),
    ];
  return Promise.all((['UDP', 'TCP'] as const).map((transport) => authorityCheck(servers, transport)));
}

async function authorityCheck(servers: readonly AskedServer[], transport: Transport): Promise<Check> {
  const link = transport === 'UDP' ? 'authority-udp' : 'authority-tcp';
  let how = '';
  for (const server of servers) {
    const heard = await server.ask(transport);
    // Whatever it says: the way there and back is open.
    if (heard.kind !== 'silent') return fine(link, { subject: server.name });
    how = heard.how;
  }
  return amiss(link, { subject: DOMAIN }, { kind: 'authority-mute', transport }, how);
}
