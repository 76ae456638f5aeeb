// Words for what we could not see.
import type { GapReason } from '../../model/identity.ts';
import { visible } from '../../model/safe-text.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_RECORDS, EXAMPLE_ZONE, exampleLookups } from './example.ts';
import { count, utc, where, who } from './phrases.ts';

const REASONS: { readonly [K in GapReason]: { readonly what: string; readonly fix: string } } = {
  'role-refused': {
    what: 'The role of the monitor could not be assumed.',
    fix: 'See that the member role exists in that account, that it trusts the monitor, and that the external id is the same on both sides. Deploying the member stack again sets all three.',
  },
  'region-off': {
    what: 'The region is switched off in that account, or has no SES.',
    fix: 'Switch the region on in the account settings, or take it out of "regions" in the configuration.',
  },
  denied: {
    what: 'The account does not allow the monitor to read SES.',
    fix: 'Allow what the detail names; a service control policy of the organisation can also be what denies it.',
  },
  throttled: {
    what: 'SES refused our requests as too many, to the end.',
    fix: 'See what else reads SES in this account and region: all callers share one request a second. A longer "inventoryEvery" helps too.',
  },
  'out-of-time': {
    what: 'The time of the sweep ran out before the account and region were read.',
    fix: 'The next sweep goes on where this one stopped. If it comes again, sweep fewer accounts and regions in one deployment.',
  },
  error: {
    what: 'Reading it failed.',
    fix: 'The detail says what failed; the log of the monitor has more.',
  },
};

export const BLINDNESS_WORDS: WordsFor<'target-unreadable' | 'identity-unknown'> = {
  'target-unreadable': {
    title: (_, { account, region }) => `The monitor cannot read SES: account ${visible(account, 20)}, ${visible(region, 40)}`,
    meaning: ({ facts }, subject) =>
      `${REASONS[facts.reason].what} ${visible(facts.detail, 1000)} Since ${utc(facts.since)} nothing new is known of SES in ${where(subject)}. ` +
      `${facts.identities === 0 ? 'No identities are known there from before.' : `${count(facts.identities, 'identity', 'identities')} known from before may be judged by old facts or not at all.`}`,
    fix: ({ facts }) => [REASONS[facts.reason].fix],
    example: finding('target-unreadable', 'warning', {
      reason: 'role-refused',
      detail: 'sts:AssumeRole on arn:aws:iam::222222222222:role/ses-dkim-monitor-read was refused.',
      since: '2026-03-01T14:02:00.000Z',
      identities: 12,
    }),
  },
  'identity-unknown': {
    title: (_, subject) => `DKIM could not be judged for a while: ${who(subject)}`,
    meaning: ({ facts }, subject) =>
      `For ${count(facts.sweeps, 'sweep')}, since ${utc(facts.since)}, nobody can tell whether the DKIM records of ${who(subject)} are right. ${visible(facts.detail, 1000)} ` +
      'That is neither "healthy" nor "broken": if the records vanish meanwhile, you will not hear of it from here.',
    fix: ({ facts, records }) => [
      facts.reason === 'no-expectation' || facts.reason === 'not-read'
        ? 'Look at the identity in the SES console: the monitor lacks something that SES did not tell it.'
        : 'Look at the name servers of the domain: the evidence shows which were asked and how they answered.',
      ...(records.length === 0
        ? []
        : [
            `Ask for yourself:\n${records
              .slice(0, 3)
              .map(({ name, type }) => `dig ${type} ${shellQuoted(name)}`)
              .join('\n')}`,
          ]),
    ],
    example: finding(
      'identity-unknown',
      'warning',
      {
        reason: 'dns-unanswered',
        detail: 'No name server gave an answer that counts. ns1.example.net (192.0.2.1): time-out; ns2.example.net (192.0.2.2): SERVFAIL.',
        since: '2026-03-01T13:42:00.000Z',
        sweeps: 4,
      },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE, evidence: exampleLookups('TXT', { kind: 'silent', how: 'timeout' }) },
    ),
  },
};
