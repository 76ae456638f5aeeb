// The one table of words: a trouble without words does not compile.
import type { CheckOutcome, Link } from '../model/checkup.ts';
import type { Trouble, TroubleKind } from './trouble.ts';
import { ACCESS } from './words/access.ts';
import type { Entries, Entry, Words } from './words/entry.ts';
import { REACH } from './words/reach.ts';
import { SETTINGS } from './words/settings.ts';
import { SURROUNDINGS } from './words/surroundings.ts';

const TABLE: Entries<TroubleKind> = { ...SETTINGS, ...ACCESS, ...SURROUNDINGS, ...REACH };

/** Every kind of trouble. */
export const TROUBLE_KINDS: readonly TroubleKind[] = Object.keys(TABLE) as TroubleKind[];

export function outcomeOf(trouble: Trouble): CheckOutcome {
  return TABLE[trouble.kind].outcome;
}

export function wordsOf(trouble: Trouble): Words {
  // The entry of a kind takes the facts of that kind: what the table's type says, and an index by a union forgets.
  const entry = TABLE[trouble.kind] as Entry<TroubleKind>;
  return (entry.words as (trouble: Trouble) => Words)(trouble);
}

/** What a link is, where it is well. */
export const LINK_TITLES: { readonly [L in Link]: string } = {
  function: 'the function answers',
  configuration: 'configuration',
  credentials: 'credentials',
  role: 'role in other accounts',
  regions: 'account:ListRegions',
  list: 'ses:ListEmailIdentities',
  detail: 'ses:GetEmailIdentity',
  status: 'ses:GetIdentityDkimAttributes',
  bucket: 'memory bucket',
  'memory-read': 'memory can be read',
  'memory-write': 'memory can be written',
  'last-sweep': 'the last sweep is recent',
  topic: 'topic exists',
  subscriptions: 'somebody listens',
  publish: 'publishing',
  'event-bus': 'event bus exists',
  'resolver-udp': 'resolver over UDP',
  'resolver-tcp': 'resolver over TCP',
  dnssec: 'DNSSEC is validated',
  'authority-udp': 'name servers over UDP',
  'authority-tcp': 'name servers over TCP',
  heartbeat: "dead man's switch",
};
