// A DNS room in which every record is right at once: for sweeps in which only the reading of SES is measured.
import type { Lookup, NameServer, Question, Server } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Clock, Dns } from '../../lambda/sweep/ports.ts';

const SERVERS: readonly NameServer[] = ['192.0.2.1', '192.0.2.2'].map((address, i) => ({
  role: 'authoritative',
  name: dnsName(`ns${i + 1}.hoster.example`),
  address,
}));

/** Answers each question about an Easy DKIM record with the right CNAME. Counts the questions. */
export function rightDns(clock: Clock): Dns {
  let questions = 0;
  const answer = (server: Server, question: Question): Lookup => {
    questions += 1;
    const { name } = question;
    const token = name.slice(0, Math.max(0, name.indexOf('.')));
    const target = `${token}.dkim.amazonses.com`;
    const records: Extract<Lookup['outcome'], { kind: 'answer' }>['records'] = [
      { type: 'CNAME', name, ttl: 60, value: target },
      ...(server.role === 'resolver' ? [{ type: 'TXT' as const, name: dnsName(target), ttl: 60, strings: ['p=MIIBIjANBgkq'] }] : []),
    ];
    return { server, question, at: new Date(clock()).toISOString(), outcome: { kind: 'answer', aa: server.role !== 'resolver', records } };
  };
  return {
    delegation: async (name) => ({
      kind: 'delegated',
      apex: dnsName(name.replace(/^_domainkey\./, '')),
      servers: SERVERS,
      unusable: [],
      source: 'resolver',
    }),
    ask: async (server, question) => answer(server, question),
    askResolvers: async (question) => [answer({ role: 'resolver', address: '192.0.2.53' }, question)],
    validationControl: async () => [],
    serversNamed: async () => [],
    forget: () => undefined,
    questions: () => questions,
    exportCache: () => ({}),
    importCache: () => undefined,
    close: () => undefined,
  };
}
