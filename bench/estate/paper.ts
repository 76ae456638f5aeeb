// Estates larger than one function, on paper: from what one target of 10,000 identities was measured to cost.
import { duration, inFunction, shareOfProcessor } from './figures.ts';
import type { CountedEstate } from './measured.ts';

/** What the figures rest on; all of it is printed. */
export const ASSUMED = {
  /** Identities of one child of the Distributed Map: what SES allows in one account and region. */
  perChild: 10_000,
  /** Children at once. */
  atOnce: 40,
  /** Memory of a child, MiB. */
  memoryMiB: 512,
  /** Seconds until a child runs: state machine, cold start. */
  startSeconds: 2,
  /** Share of the identities whose DNS is at the largest DNS host, and addresses that it answers from. */
  hostShare: 0.2,
  hostAddresses: 2,
  /** Questions a second to one address, all children together. */
  hostPerSecond: 50,
  questionsEach: 3,
} as const;

export interface OnPaper {
  readonly identities: number;
  readonly children: number;
  /** Rounds of children, one after the other. */
  readonly waves: number;
  /** Seconds of one whole sweep, if every child keeps its own pace. */
  readonly dnsSeconds: number;
  readonly refreshSeconds: number;
  /** Seconds for deciding, telling and remembering, once for all. */
  readonly concludeSeconds: number;
  /** Seconds of all children together, as they are charged. */
  readonly dnsCharged: number;
  readonly sesCalls: number;
  readonly dnsQuestions: number;
  readonly writtenMiB: number;
  /** Questions a second that one address of the largest DNS host sees if every child paces for itself. */
  readonly hostSees: number;
  /** Seconds of a sweep in which that address sees no more than `hostPerSecond`, whatever the number of children. */
  readonly politeSeconds: number;
}

/** So many identities as children of a Distributed Map. */
export function onPaper(identities: number, shard: CountedEstate): OnPaper {
  const children = Math.ceil(identities / ASSUMED.perChild);
  const waves = Math.ceil(children / ASSUMED.atOnce);
  const secondsOf = (counts: CountedEstate['dns']): number =>
    inFunction({ seconds: counts.seconds, cpu: counts.cpuSeconds }, ASSUMED.memoryMiB) + ASSUMED.startSeconds;
  const together = Math.min(children, ASSUMED.atOnce);
  return {
    identities,
    children,
    waves,
    dnsSeconds: waves * secondsOf(shard.dns),
    refreshSeconds: waves * secondsOf(shard.refresh),
    concludeSeconds: (children * shard.dns.concludeSeconds) / shareOfProcessor(ASSUMED.memoryMiB),
    dnsCharged: children * secondsOf(shard.dns),
    sesCalls: children * shard.refresh.sesCalls,
    dnsQuestions: children * shard.dns.dnsQuestions,
    writtenMiB: (children * shard.dns.writtenBytes) / 2 ** 20,
    hostSees: together * ASSUMED.hostPerSecond,
    politeSeconds: (identities * ASSUMED.hostShare * ASSUMED.questionsEach) / ASSUMED.hostAddresses / ASSUMED.hostPerSecond,
  };
}

const ROWS: readonly (readonly [string, (paper: OnPaper) => string])[] = [
  ['children of the map, and rounds of them', ({ children, waves }) => `${children}, ${waves}`],
  ['a DNS sweep', ({ dnsSeconds }) => duration(dnsSeconds)],
  ['a sweep that reads SES', ({ refreshSeconds }) => duration(refreshSeconds)],
  ['to conclude, once for all', ({ concludeSeconds }) => duration(concludeSeconds)],
  ['SES calls of that (one a second in each account and region)', ({ sesCalls }) => sesCalls.toLocaleString('en')],
  ['DNS questions of a sweep', ({ dnsQuestions }) => dnsQuestions.toLocaleString('en')],
  ['written to S3 by the children in a sweep', ({ writtenMiB }) => `${writtenMiB.toFixed(1)} MiB`],
  ['function time of a sweep, all children', ({ dnsCharged }) => duration(dnsCharged)],
  ['questions a second at one address of the largest DNS host', ({ hostSees }) => hostSees.toLocaleString('en')],
  ['a sweep in which that address sees 50 a second', ({ politeSeconds }) => duration(politeSeconds)],
];

/** The table as Markdown, with what it rests on below. */
export function paperTable(shard: CountedEstate): string {
  const papers = [170_000, 1_000_000].map((identities) => onPaper(identities, shard));
  const head = `| | ${papers.map(({ identities }) => `${identities.toLocaleString('en')} identities`).join(' | ')} |`;
  const rows = ROWS.map(([name, of]) => `| ${name} | ${papers.map(of).join(' | ')} |`);
  const { perChild, atOnce, memoryMiB, startSeconds, hostShare, hostAddresses } = ASSUMED;
  return [
    head,
    `|---|${papers.map(() => '---').join('|')}|`,
    ...rows,
    '',
    `Assumed: children of ${perChild.toLocaleString('en')} identities, ${atOnce} at once, ${memoryMiB} MiB each, ${startSeconds} s until one runs; the time of a child is the measured one, or what its processor time needs at`,
    `that memory's share of a processor, if that is more; concluding takes in proportion to the identities, at that share too; the largest DNS host has ${hostShare * 100} % of the domains at ${hostAddresses} addresses.`,
  ].join('\n');
}
