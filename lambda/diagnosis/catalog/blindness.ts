// Words for what we could not see.
import { type GapReason, isDamagedMemory } from '../../model/identity.ts';
import { visible } from '../../model/safe-text.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_RECORDS, EXAMPLE_ZONE, exampleLookups } from './example.ts';
import { gapSteps, memorySteps } from './gap-steps.ts';
import { count, utc, where, who } from './phrases.ts';
import { askLines, step } from './steps.ts';

/** One sentence for each reason; the detail follows it. */
const WHAT: { readonly [K in GapReason]: string } = {
  'role-refused': 'The monitor was not let into that account.',
  'region-off': 'The region is switched off in that account, or has no SES.',
  denied: 'The account does not allow the monitor to read SES.',
  throttled: 'SES refused our requests as too many, to the end.',
  'out-of-time': 'The time of the sweep ran out before the account and region were read.',
  error: 'Reading it failed.',
};

export const BLINDNESS_WORDS: WordsFor<'target-unreadable' | 'identity-unknown'> = {
  'target-unreadable': {
    title: ({ facts }, { account, region }) =>
      `The monitor cannot read ${isDamagedMemory(facts.detail) ? 'its own memory' : 'SES'}: account ${visible(account, 20)}, ${visible(region, 40)}`,
    meaning: ({ facts }, subject) => {
      const detail = visible(facts.detail, 1000);
      if (isDamagedMemory(facts.detail))
        return `${detail} So SES was not asked, and since ${utc(facts.since)} nothing in ${where(subject)} is watched. SES itself is not at fault.`;
      const known =
        facts.identities === 0
          ? 'No identities are known there from before.'
          : `${count(facts.identities, 'identity is', 'identities are')} known there from before. They are judged by old facts, or not at all.`;
      return `${WHAT[facts.reason]} Since ${utc(facts.since)} nothing new is known of SES in ${where(subject)}. ${known} What came back: ${detail}`;
    },
    next: ({ facts, severity }) =>
      'The monitor tries again in every sweep, and tells you when it succeeds. ' +
      (isDamagedMemory(facts.detail)
        ? 'Until then nothing there is watched: if records vanish, you will not hear of it from here.'
        : facts.identities === 0
          ? 'Until then nothing there is watched.'
          : 'Until then a change in SES is not seen, and DNS is compared with what SES said before.') +
      (severity === 'critical' ? '' : ' After a day this becomes critical.'),
    fix: ({ facts }, subject) => (isDamagedMemory(facts.detail) ? memorySteps(facts.detail, subject) : gapSteps(facts.reason, subject)),
    example: finding('target-unreadable', 'warning', {
      reason: 'role-refused',
      detail:
        'arn:aws:iam::222222222222:role/ses-dkim-monitor-read cannot be assumed. Check that the role exists, and that the external id is the same on both sides.',
      since: '2026-03-01T14:02:00.000Z',
      identities: 12,
    }),
  },
  'identity-unknown': {
    title: (_, subject) => `DKIM could not be judged for a while: ${who(subject)}`,
    meaning: ({ facts }, subject) =>
      `For ${count(facts.sweeps, 'sweep')}, since ${utc(facts.since)}, nobody can tell whether the DKIM records of ${who(subject)} are right. ${visible(facts.detail, 1000)} ` +
      'That is neither "healthy" nor "broken".',
    next: () =>
      'The monitor asks again in every sweep, and tells you when it can judge again. If the records vanish meanwhile, you will not hear of it from here.',
    fix: ({ facts, records }) => [
      facts.reason === 'no-expectation' || facts.reason === 'not-read'
        ? 'Look at the identity in the SES console: the monitor lacks something that SES did not tell it.'
        : 'Look at the name servers of the domain: the evidence shows which were asked and how they answered.',
      ...(records.length === 0 ? [] : [step('Ask for yourself:', ...askLines(records))]),
    ],
    example: finding(
      'identity-unknown',
      'warning',
      {
        reason: 'dns-unanswered',
        detail: 'No name server gave an answer that counts. ns1.example.net (192.0.2.1): time-out; ns2.example.net (192.0.2.2): SERVFAIL.',
        since: '2026-03-01T12:57:00.000Z',
        sweeps: 14,
      },
      {
        records: EXAMPLE_RECORDS,
        zone: EXAMPLE_ZONE,
        evidence: [
          ...exampleLookups('TXT', { kind: 'silent', how: 'timeout' }).slice(0, 1),
          ...exampleLookups('TXT', { kind: 'broken', how: 'servfail' }).slice(1),
        ],
      },
    ),
  },
};
