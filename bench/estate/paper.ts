// Estates larger than one function, on paper: from what one target of 10,000 identities was measured to cost.
import { RUN_ASK_SECONDS, STEPS_CUT, STEPS_MEMORY_MIB } from '../../lambda/settings.ts';
import { duration, shareOfProcessor } from './figures.ts';
import type { CountedEstate } from './measured.ts';
import { ASSUMED_OF_RUN, type RunOnPaper, runOnPaper } from './run-on-paper.ts';

export interface OnPaper extends RunOnPaper {
  readonly identities: number;
  /** Seconds for deciding, telling and remembering, once for all. */
  readonly concludeSeconds: number;
  /** Calls of a refresh without changes. */
  readonly sesCalls: number;
  readonly dnsQuestions: number;
  readonly writtenMiB: number;
}

export function onPaper(identities: number, shard: CountedEstate): OnPaper {
  const times = identities / shard.identities;
  return {
    identities,
    ...runOnPaper(identities, shard),
    concludeSeconds: (times * shard.dns.concludeSeconds) / shareOfProcessor(STEPS_MEMORY_MIB),
    sesCalls: times * (shard.refresh.sesCalls - (shard.refresh.detailCalls ?? 0)),
    dnsQuestions: times * shard.dns.dnsQuestions,
    writtenMiB: (times * shard.dns.writtenBytes) / 2 ** 20,
  };
}

const whole = (n: number): string => Math.round(n).toLocaleString('en');

const ROWS: readonly (readonly [string, (paper: OnPaper) => string])[] = [
  ['parts, of them at once, rounds', ({ parts, askers, rounds }) => `${whole(parts)}, ${askers}, ${rounds}`],
  ['DNS of all, the largest host asked 50 times a second at each address', ({ seconds }) => duration(seconds)],
  [`within the ${RUN_ASK_SECONDS / 60} minutes that a run may ask`, ({ seconds }) => (seconds <= RUN_ASK_SECONDS ? 'yes' : 'no')],
  [
    'the same where no host has a noticeable share',
    ({ rounds, ownSeconds }) => duration(rounds * (ownSeconds + ASSUMED_OF_RUN.startSeconds)),
  ],
  ['to conclude, once for all', ({ concludeSeconds }) => duration(concludeSeconds)],
  ['SES calls of a refresh (one a second in each account and region, all at the same time)', ({ sesCalls }) => whole(sesCalls)],
  ['DNS questions of a sweep', ({ dnsQuestions }) => whole(dnsQuestions)],
  ['written to S3 in a sweep', ({ writtenMiB }) => `${writtenMiB.toFixed(1)} MiB`],
  ['function time of a sweep, all parts together', ({ charged }) => duration(charged)],
];

/** The table as Markdown, with what it rests on below. */
export function paperTable(shard: CountedEstate): string {
  const papers = [170_000, 1_000_000].map((identities) => onPaper(identities, shard));
  const head = `| | ${papers.map(({ identities }) => `${identities.toLocaleString('en')} identities`).join(' | ')} |`;
  const rows = ROWS.map(([name, of]) => `| ${name} | ${papers.map(of).join(' | ')} |`);
  const { startSeconds, hostShare, hostAddresses } = ASSUMED_OF_RUN;
  return [
    head,
    `|---|${papers.map(() => '---').join('|')}|`,
    ...rows,
    '',
    `Assumed: parts of ${whole(STEPS_CUT.partIdentities)} identities, ${STEPS_MEMORY_MIB} MiB each, ${startSeconds} s until one runs; the largest DNS host has ${hostShare * 100} % of the domains at ${hostAddresses} addresses, and its pace is divided among`,
    `the parts that ask at once. Without such a host a part takes what was measured, or what its processor time needs at that memory's share of a processor, if that is more. Concluding takes in proportion to the identities.`,
  ].join('\n');
}
