// Words for identities beside each other: sending, replicas, addresses, one domain in several places, and what nobody uses.
import type { Subject } from '../../model/alert.ts';
import type { SetupSide } from '../../model/finding.ts';
import { parseRegion } from '../../model/names.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { sesNext } from './next.ts';
import { shown, utc, where, who } from './phrases.ts';
import { addressCommand, command, inAccount, step } from './steps.ts';

type Kind = 'replica-broken' | 'address-overrides-domain' | 'address-without-domain' | 'setup-differs' | 'identity-abandoned';

const REPLICATION: Readonly<Record<string, string>> = {
  REPLICATION_ACCESS_DENIED: 'whoever made the replica was not allowed to replicate the DKIM key of the parent identity',
  REPLICATION_PRIMARY_NOT_FOUND: 'there is no such identity in the parent region any more',
  REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED: 'the parent identity signs with a key of its own (BYODKIM), which cannot be replicated',
  REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED: 'the parent identity is itself a replica',
  REPLICATION_PRIMARY_INVALID_REGION: 'the parent region is not one that can be replicated from',
};

const side = ({ account, region, status, signing, fine }: SetupSide): string =>
  `${region} (account ${account}): ${fine ? 'all well' : status === 'SUCCESS' && signing === false ? 'verified, signing switched off' : status}`;

/** The action and its condition key: SES developer guide, "Using DEED", permissions. */
const PERMIT =
  'Give whoever makes the replica, a role or a user, the permission ses:ReplicateEmailIdentityDKIMSigningKey for the parent identity. ' +
  "It was missing, or denied: look at that role's own policies, at the condition ses:ReplicaRegion in them, which must name the replica's region, and at the service control policies of the organization.";

/** The origin of a replica's keys names the region of its parent (SES API, DkimSigningAttributesOrigin). */
function copyAgain(subject: Subject, parentRegion: string | undefined): readonly string[] {
  if (parentRegion === undefined || !parseRegion(parentRegion).ok) return [];
  return [
    step(
      `Once the parent is right, have SES copy its keys again${inAccount(subject)}. Mind: mail of the replica stays unsigned until SES has verified them.`,
      ...takeKeys(subject, `AWS_SES_${parentRegion.toUpperCase().replaceAll('-', '_')}`),
    ),
  ];
}

/** Where an identity takes its keys from. */
const takeKeys = (subject: Subject, origin: string): readonly string[] =>
  command(
    subject,
    (place, identity) =>
      `aws sesv2 put-email-identity-dkim-signing-attributes ${place} --email-identity ${identity} --signing-attributes-origin ${shellQuoted(origin)}`,
  );

export const IDENTITY_WORDS: WordsFor<Kind> = {
  'replica-broken': {
    title: (_, subject) => `SES cannot copy the DKIM keys of the parent: ${who(subject)}`,
    meaning: ({ facts: { errorType, parentRegion } }, subject) =>
      `${who(subject)} (${where(subject)}) signs with the keys of its parent identity${parentRegion === undefined ? '' : ` in ${shown(parentRegion)}`} (Deterministic Easy DKIM). ` +
      `SES could not copy them: ${Object.hasOwn(REPLICATION, errorType) ? `${REPLICATION[errorType]} (${shown(errorType)})` : shown(errorType)}. ` +
      (subject.status === 'SUCCESS' || subject.status === 'UNKNOWN'
        ? `SES says ${subject.status === 'SUCCESS' ? 'SUCCESS for now' : 'nothing more'}.`
        : `Until that is mended ${subject.status === 'TEMPORARY_FAILURE' ? 'its mail is most likely unsigned' : 'SES does not sign its mail'} (${subject.status}).`),
    next: (_, subject) =>
      subject.status === 'SUCCESS' || subject.status === 'UNKNOWN'
        ? "SES goes on with the keys that it has. Its mail goes unsigned at the latest when the parent's keys change. When that is, SES does not say."
        : `SES needs the parent's keys first. ${sesNext(subject)}`,
    fix: ({ facts: { parentRegion, errorType } }, subject) => [
      ...(errorType === 'REPLICATION_ACCESS_DENIED' ? [PERMIT] : []),
      step(
        `Look at the parent identity${inAccount(subject)}: it must exist, use Easy DKIM of its own, and be SUCCESS.`,
        ...(parentRegion === undefined
          ? []
          : command(
              { ...subject, region: parentRegion },
              (place, identity) => `aws sesv2 get-email-identity ${place} --email-identity ${identity}`,
            )),
      ),
      ...copyAgain(subject, errorType === 'REPLICATION_PRIMARY_INVALID_REGION' ? undefined : parentRegion),
      'Only if the parent is gone for good, give the replica keys of its own. Mind: it gets three new tokens, and mail stays unsigned until their records are published and verified.',
      step(`Start Easy DKIM for it${inAccount(subject)}. SES prints the tokens:`, ...takeKeys(subject, 'AWS_SES')),
    ],
    example: finding('replica-broken', 'warning', { errorType: 'REPLICATION_PRIMARY_NOT_FOUND', parentRegion: 'us-east-1' }),
  },
  'address-overrides-domain': {
    title: (_, subject) => `Mail from one address goes unsigned: ${who(subject)}`,
    meaning: ({ facts: { domain } }, subject) =>
      `${who(subject)} is an identity of its own in SES (${where(subject)}), without DKIM. Its domain ${shown(domain)} is set up there, and SES signs for it. ` +
      'For an address that is an identity itself SES takes the settings of the address, so its mail may go out unsigned although the domain is all right.',
    next: () =>
      'Nothing changes by itself: its mail stays unsigned until the identity of the address is deleted or has DKIM of its own. There is no deadline.',
    fix: (_, subject) => [
      'Delete the identity of the address: the domain covers it, and signs. Mind: what refers to it by name (policies, a configuration set, a MAIL FROM domain of its own) goes with it.',
      step(
        `Delete it${inAccount(subject)}:`,
        ...addressCommand(subject, (place, identity) => `aws sesv2 delete-email-identity ${place} --email-identity ${identity}`),
      ),
      'Or keep it and switch DKIM on for it, where the console offers that.',
    ],
    example: finding('address-overrides-domain', 'warning', { domain: 'example.com' }),
  },
  'address-without-domain': {
    title: (_, subject) => `An address without its domain: ${who(subject)}`,
    meaning: ({ facts: { domain } }, subject) =>
      `${who(subject)} is verified by itself in SES (${where(subject)}), and its domain ${shown(domain)} is no identity there. Its mail carries no DKIM signature of the domain, and fails DMARC where the domain has a policy. Nothing is broken.`,
    next: () => 'Nothing: it stays as it is until the domain is verified in SES. There is no deadline.',
    fix: ({ facts: { domain } }) => [
      `If mail is really sent from it: verify the domain ${shown(domain)} in SES with Easy DKIM, and publish its three records.`,
    ],
    example: finding('address-without-domain', 'notice', { domain: 'example.com' }),
  },
  'setup-differs': {
    title: (_, subject) => `DKIM works in one place and not in another: ${who(subject)}`,
    meaning: ({ facts: { sides } }, subject) =>
      `${who(subject)} is an identity in several places, and they differ. ${sides
        .slice(0, 10)
        .map((one) => shown(side(one)))
        .join(
          '; ',
        )}${sides.length > 10 ? `; and ${sides.length - 10} more` : ''}. Mail sent through those that are not well goes unsigned. ` +
      'Each place has tokens and records of its own: those of one do not serve another.',
    next: () => 'Nothing changes by itself: mail through those places stays unsigned until DKIM works there. There is no deadline.',
    fix: () => [
      'Set DKIM up in the places where it is not, as it is where all is well. What to do there is said of each; if nothing is sent through a place, delete the identity there.',
    ],
    example: finding('setup-differs', 'warning', {
      sides: [
        { account: '111111111111', region: 'us-east-1', method: 'easy', status: 'SUCCESS', signing: true, fine: true },
        { account: '111111111111', region: 'eu-west-1', method: 'none', status: 'NOT_STARTED', signing: false, fine: false },
      ],
    }),
  },
  'identity-abandoned': {
    title: (_, subject) => `Never finished, and not used: ${who(subject)}`,
    meaning: ({ facts: { since, estimated, statusNow } }, subject) =>
      `${who(subject)} has been waiting in SES (${where(subject)}) since ${utc(since)}${estimated ? ' at least' : ''}. It was never verified: SES says ${statusNow}, and it may not send. Nobody seems to wait for it.`,
    next: () => 'Nothing. This is told once, and nothing more will be said of it.',
    fix: (_, subject) => [
      step(
        `If it is not needed, delete it${inAccount(subject)}. It cannot send, so no mail is lost. Mind: that cannot be undone, and a new identity gets other tokens.`,
        ...command(subject, (place, identity) => `aws sesv2 delete-email-identity ${place} --email-identity ${identity}`),
      ),
      'If it is needed: start its verification again, and publish the records that SES then names.',
    ],
    example: finding('identity-abandoned', 'notice', { since: '2026-01-10T09:00:00.000Z', estimated: false, statusNow: 'FAILED' }),
  },
};
