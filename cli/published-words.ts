// The words for what a domain publishes at a selector, compared with a key that the user holds.

import { WHOSE_RECORD } from '../lambda/diagnosis/catalog/key-quality.ts';
import { DELETE_LEAKED, marked, newKeySteps, WHY_REVOKED } from '../lambda/diagnosis/catalog/keys.ts';
import type { Subject } from '../lambda/model/alert.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { DnsName } from '../lambda/model/names.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { type Asked, isLeaked, type Published, type Told } from './published-key.ts';

const RESTRICTIONS = {
  t: 'it is marked as a test (t=y), so receivers treat the mail as unsigned',
  s: 'its s= tag does not allow mail',
  h: 'its h= tag does not allow SHA-256, with which SES signs',
} as const;

const UNDER_A_NEW_SELECTOR = 'publish the record below under a NEW selector, and give both to SES.';

/** For the steps that findings give: nobody asked SES. */
const asSubject = (domain: DnsName): Subject => ({
  account: '',
  region: '',
  identity: domain,
  type: 'domain',
  method: 'byodkim',
  status: 'UNKNOWN',
  readAt: '',
});

/** What is published, as the end of "NAME …". */
function told(says: Told): string {
  switch (says.kind) {
    case 'match':
      return 'holds this key';
    case 'other-key':
      return `holds another key (RSA, ${says.bits} bits, ${ending(says.publicKey)})`;
    case 'restricted':
      return `holds this key, but ${RESTRICTIONS[says.tag]}`;
    case 'revoked':
      return 'holds a revoked key: its p= is empty';
    case 'malformed':
      return says.leaked === true ? 'holds a PRIVATE key in place of the public one' : 'holds a damaged key';
    case 'other-type':
      return `holds a key of another kind (${visible(says.type, 40)}); SES signs with RSA only`;
    case 'several':
      return `holds ${says.count} TXT records where one belongs: receivers may take any, and SES may take none${says.leaked === true ? '. A PRIVATE key is among them' : ''}`;
    case 'leads-nowhere':
      return `leads (by CNAME) to ${visible(says.target, 260)}, where there is no key`;
    case 'missing':
      return says.how === 'nxdomain' ? 'does not exist' : 'exists, but has no TXT record';
  }
}

const detail = (says: Told): string => (says.kind === 'malformed' ? ` ${visible(says.detail, 300)}` : '');

/** Keys of one length begin alike: they are told apart by their ends. */
const ending = (publicKey: string): string => `ends in …${publicKey.slice(-16)}`;

/** One or two sentences. */
export function publishedSentence({ name, published, spoke, silent }: Asked): string {
  switch (published.kind) {
    case 'no-domain':
      return `The domain ${visible(published.registrable, 260)} does not exist, or is not delegated.`;
    case 'unknown':
      return `What is published at ${name} could not be told. ${visible(published.detail, 400)}`;
    case 'disagree':
      return `The name servers do not agree about ${name}.`;
    case 'match':
    case 'other-key':
    case 'restricted':
    case 'revoked':
    case 'malformed':
    case 'other-type':
    case 'several':
    case 'leads-nowhere':
    case 'missing': {
      const who = spoke === 1 ? 'one name server says so' : `${spoke} name servers say so`;
      const rest = silent === 0 ? '' : `, ${silent} gave no answer`;
      return `${name} ${told(published)} (${who}${rest}).${detail(published)}`;
    }
  }
}

/** Who says what, where they do not say the same. */
export function disagreement(published: Published): readonly string[] {
  return published.kind === 'disagree'
    ? published.said.map(({ server, says }) => `${visible(server, 300)}: ${told(says)}.${detail(says)}`)
    : [];
}

/** The steps that mend it. The record itself is shown beside them, but where {@link isLeaked}: then nothing of the key may be used again. */
export function publishedRemedy({ published }: Asked, domain: DnsName, selector: string): readonly string[] {
  const check = `See where it went, and when it is there:\n${COMMAND} check ${domain} --selector ${selector}`;
  if (isLeaked(published)) return [...newKeySteps(asSubject(domain), domain), DELETE_LEAKED];
  switch (published.kind) {
    case 'match':
      return [];
    case 'other-key':
      return [
        `If SES is to sign with the key in your hands: ${UNDER_A_NEW_SELECTOR} To overwrite a record that mail is signed with now makes every signature fail until SES has the new key.`,
        'If the published key is the right one: find the private key that belongs to it. SES marks the domain as verified only with that.',
      ];
    case 'revoked':
      return [
        WHY_REVOKED,
        ...marked('A.', newKeySteps(asSubject(domain), domain)),
        ...marked('B.', ['Publish the record below in place of the empty one.', check]),
      ];
    case 'other-type':
      return [
        WHOSE_RECORD,
        ...marked('A.', ['Publish the record below in place of what is there.', check]),
        `B. If SES is to sign with the key in your hands: ${UNDER_A_NEW_SELECTOR}`,
      ];
    case 'restricted':
    case 'malformed':
      return ['Publish the record below in place of what is there.', check];
    case 'several':
      return ['Leave one TXT record at the name, the one below. A key cut into two records is one record of two strings.', check];
    case 'leads-nowhere':
      return ['Publish the record below at the end of the CNAME, or in its place.', check];
    case 'missing':
      return [
        'Publish the record below. In a web form that adds the domain by itself, type the name without it: a name that stands twice is the usual mistake.',
        check,
      ];
    case 'disagree':
      return [
        'If the record was just published or changed, wait an hour. Otherwise have the zone copied anew to the servers that lag behind.',
        check,
      ];
    case 'no-domain':
      return ['See that the name is spelt rightly. If it is, renew the registration of the domain.'];
    case 'unknown':
      return [`Try again, or ask another resolver:\n${COMMAND} check ${domain} --selector ${selector} --resolver 1.1.1.1`];
  }
}
