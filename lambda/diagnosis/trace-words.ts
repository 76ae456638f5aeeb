// Questions to DNS in plain words: why one was asked, and what came back.
import type { Lookup, Outcome, Server } from '../model/lookup.ts';

/** Why a question was asked. */
export type Purpose =
  | 'zone'
  | 'zone-servers'
  | 'above'
  | 'address'
  | 'address-ipv6'
  | 'control'
  | 'signed'
  | 'first-look'
  | 'version'
  | 'txt'
  | 'cname'
  | 'resolvers'
  | 'unchecked'
  | 'doubled'
  | 'wildcard'
  | 'policy'
  | 'mail-from'
  | 'elsewhere'
  | 'address-instead'
  | 'other-server'
  | 'other';

const WHY: { readonly [P in Purpose]: string } = {
  zone: 'which zone holds this name?',
  'zone-servers': 'which servers serve the zone?',
  above: 'from the root downwards: who is in charge? A move or a lapse shows there first',
  address: 'where is this name server?',
  'address-ipv6': 'has this name server an IPv6 address only?',
  control: 'does this resolver find what is surely there?',
  signed: 'does this resolver check DNSSEC as it should? This name is surely signed',
  'first-look': 'one server: is the record there, and is TXT answered at all?',
  version: 'does this server speak for the zone, and which version has it?',
  txt: 'what do SES and mailbox providers get, who ask for TXT?',
  cname: 'the answer to TXT left it open: is there a CNAME?',
  resolvers: 'what do the resolvers hand out to the world?',
  unchecked: 'the same without checking DNSSEC',
  doubled: 'was the domain appended to the name?',
  wildcard: 'a name nobody has published: does a wildcard answer for everything?',
  policy: 'what does the domain ask of receivers (DMARC)?',
  'mail-from': 'do bounces come back (custom MAIL FROM)?',
  elsewhere: 'does the record stand here instead?',
  'address-instead': "does an address stand in the record's place (a CDN)?",
  'other-server': 'what does this server say? The domain is not delegated to it, but SES has looked there',
  other: 'what stands at this name?',
};

export const whyAsked = (purpose: Purpose): string => WHY[purpose];

/** What came back, in a few words. A referral by a server above is the answer that was hoped for. */
export function outcomeInWords({ outcome, server, question }: Lookup): string {
  switch (outcome.kind) {
    case 'answer':
      if (question.type === 'AAAA') return 'there is one';
      if (outcome.ad) return 'answer, checked by DNSSEC';
      return outcome.aa || server.role === 'resolver' ? 'answer' : 'answer, but without authority';
    case 'absent':
      return `${outcome.how === 'nxdomain' ? 'no such name (NXDOMAIN)' : 'no such record at this name (NODATA)'}${outcome.soa === undefined ? '' : `, says the zone ${outcome.soa}`}`;
    case 'lame':
      return lame(outcome.how, server);
    case 'broken':
      return BROKEN[outcome.how];
    case 'silent':
      return SILENT[outcome.how];
    case 'not-asked':
      return NOT_ASKED[outcome.how];
  }
}

type How<K extends Outcome['kind']> = Extract<Outcome, { kind: K; how: unknown }>['how'];

function lame(how: How<'lame'>, { role }: Server): string {
  if (how === 'referral' && role === 'parent') return 'refers to the servers below it';
  return {
    refused: 'refuses to answer (REFUSED)',
    'not-authoritative': 'does not speak for the zone',
    referral: 'refers to other servers',
    'foreign-soa': 'speaks for another zone',
  }[how];
}

const BROKEN: { readonly [H in How<'broken'>]: string } = {
  servfail: 'server failure (SERVFAIL)',
  formerr: 'does not understand the question (FORMERR)',
  notimp: 'does not know such questions (NOTIMP)',
  malformed: 'an answer that makes no sense',
  'other-rcode': 'an error',
};

const SILENT: { readonly [H in How<'silent'>]: string } = {
  timeout: 'no answer',
  'port-closed': 'nobody listens there (port closed)',
  'tcp-failed': 'the answer did not fit into a packet, and TCP failed',
  unreachable: 'cannot be reached',
};

const NOT_ASKED: { readonly [H in How<'not-asked'>]: string } = {
  'address-refused': 'not asked: this is no public address',
  'out-of-time': 'not asked: the time ran out',
  'server-dead': 'not asked: it did not answer before',
};
