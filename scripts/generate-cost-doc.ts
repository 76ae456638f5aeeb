// The tables of docs/cost.md, computed from what the estate bench counted and from the price table; the words around them are written by hand.
import { readFileSync } from 'node:fs';
import { type CountedEstate, type MeasuredFile, measuredEstate, readMeasured, SHARD } from '../bench/estate/measured.ts';
import { paperTable } from '../bench/estate/paper.ts';
import { STEPS_MEMORY_MIB } from '../lambda/settings.ts';
import { ALARM_NAMES } from '../lib/alarms.ts';
import { type Amounts, ASSUMED, amountsOf, billOf, grown, totalOf } from './cost/bill.ts';
import { type Item, PRICES, PRICES_OF } from './cost/prices.ts';

const PAGE = 'docs/cost.md';
const SIZES = [20, 1000, 100_000] as const;
const ACCOUNTS = [1, 20, 300] as const;

const usd = (n: number): string => (n < 0.005 ? '0' : n < 10 ? n.toFixed(2) : n.toFixed(0));

interface Case {
  readonly identities: number;
  readonly accounts: number;
  readonly amounts: Amounts;
}

function caseOf(identities: number, accounts: number, measured: MeasuredFile): Case {
  const known = (n: number): CountedEstate => measuredEstate(measured, nameOf(n, accounts));
  if (identities <= 1000) return { identities, accounts, amounts: amountsOf(known(identities)) };
  const shard = measuredEstate(measured, SHARD);
  const between = { small: measuredEstate(measured, nameOf(1000, 1)), large: shard };
  return {
    identities,
    accounts,
    amounts: amountsOf(grown(known(1000), identities, between), { shard, targets: Math.max(accounts, identities / ASSUMED.perTarget) }),
  };
}

/** As the bench names its small estates. */
const nameOf = (identities: number, accounts: number): string => `${identities} in ${accounts}`;

const ITEMS: Readonly<Record<Item, string>> = {
  lambdaGbSeconds: 'Lambda, time',
  lambdaRequests: 'Lambda, invocations',
  s3Writes: 'S3, writes',
  s3Reads: 'S3, reads',
  s3Storage: 'S3, storage',
  logs: 'CloudWatch Logs, written',
  logStorage: 'CloudWatch Logs, kept a month',
  metrics: 'CloudWatch, custom metrics',
  alarms: 'CloudWatch, alarms',
  dashboards: 'CloudWatch, dashboard',
  queueRequests: 'SQS, polling for early events',
  emails: 'SNS, e-mails',
  transitions: 'Step Functions',
  trafficOut: 'DNS questions out to the internet',
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const rule = (cells: number): string => `|${'---|'.repeat(cells)}`;

function totals(cases: readonly Case[]): string {
  const of = (identities: number, accounts: number): Amounts => {
    const found = cases.find((one) => one.identities === identities && one.accounts === accounts);
    if (found === undefined) throw new Error(`no case for ${identities} identities in ${accounts} accounts`);
    return found.amounts;
  };
  const cell = (amounts: Amounts): string =>
    `**${usd(totalOf(billOf(amounts, { free: true })))}** (${usd(totalOf(billOf(amounts, { free: false })))})`;
  return [
    row(['identities', ...ACCOUNTS.map((accounts) => (accounts === 1 ? '1 account' : `${accounts} accounts`))]),
    rule(ACCOUNTS.length + 1),
    ...SIZES.map((identities) => row([identities.toLocaleString('en'), ...ACCOUNTS.map((accounts) => cell(of(identities, accounts)))])),
  ].join('\n');
}

function items(cases: readonly Case[]): string {
  const bills = cases.map(({ amounts }) => billOf(amounts, { free: false }));
  return [
    row(['USD a month', ...cases.map(({ identities, accounts }) => `${identities.toLocaleString('en')} in ${accounts}`)]),
    rule(cases.length + 1),
    ...(Object.keys(ITEMS) as Item[]).map((item) => row([ITEMS[item], ...bills.map((bill) => usd(bill[item]))])),
    row(['**together**', ...bills.map((bill) => `**${usd(totalOf(bill))}**`)]),
    row(['with what is free for good', ...cases.map(({ amounts }) => usd(totalOf(billOf(amounts, { free: true }))))]),
  ].join('\n');
}

function counts(measured: MeasuredFile): string {
  return [
    row([
      'identities',
      'accounts',
      'targets',
      'sweep',
      'seconds',
      'CPU s',
      'peak MiB',
      'S3 reads',
      'S3 writes',
      'SES calls',
      'DNS questions',
      'lines of log',
    ]),
    rule(12),
    ...measured.estates.flatMap(({ identities, accounts, targets, dns, refresh, details }) =>
      [['DNS', dns] as const, ['reads SES', refresh] as const, ...(details === undefined ? [] : [['reads details', details] as const])].map(
        ([what, c]) =>
          row(
            [
              identities,
              accounts,
              targets,
              what,
              c.seconds.toFixed(1),
              c.cpuSeconds.toFixed(1),
              c.peakMiB,
              c.s3Reads,
              c.s3Writes,
              c.sesCalls,
              c.dnsQuestions,
              c.logLines,
            ].map((value) => (typeof value === 'number' ? value.toLocaleString('en') : value)),
          ),
      ),
    ),
  ].join('\n');
}

function prices(): string {
  return [
    row(['of what', 'USD', 'free for good, a month', 'source']),
    rule(4),
    ...Object.values(PRICES).map(({ unit, usd: each, free, source }) =>
      row([unit, decimal(each), free === 0 ? '' : free.toLocaleString('en'), source]),
    ),
  ].join('\n');
}

/** 0.0000002 and not 2e-7, nor 0.0000019999. */
const decimal = (n: number): string => n.toFixed(10).replace(/0+$/, '').replace(/\.$/, '');

function assumptions(): string {
  const a = ASSUMED;
  return [
    `A month of ${a.daysOfMonth} days; a sweep every ${a.scheduleMinutes} minutes, SES read every ${a.inventoryMinutes}; one region; all healthy. Alarms: ${Object.keys(ALARM_NAMES).length}.`,
    `Function time is the time measured, or what the measured processor time needs at the function's share of one, if that is more.`,
    `Each line of log has ${a.bytesOfLine} bytes more than were counted, each invocation ${a.bytesOfInvocation} of Lambda's own and of metrics; all that is written to S3 is kept ${a.keptDays} days.`,
    `A DNS question is ${a.bytesOfQuestion} bytes on the line. Lambda polls the queue of early events ${a.pollsAMinute} times a minute. ${a.emails} e-mails.`,
    `The details of each identity are read once a day; where the hourly sweep does not come to all that are due, as many of the sweeps after it go on with them as the measured one shows to be needed.`,
    `Above ${a.oneFunction.toLocaleString('en')} identities: a state machine every ${a.largeScheduleMinutes} minutes, with the parts and the times of the table above and ${STEPS_MEMORY_MIB} MiB each, a step that reads SES for each target of ${a.perTarget.toLocaleString('en')}, ${a.transitionsOfPart} transitions a part and ${a.transitionsBeside} beside, and without the ledger: each target is read and its history written in every sweep. 100,000 identities are the estate of 1,000 in as many accounts, with what each identity adds between 1,000 and 10,000.`,
  ].join('\n');
}

/** The page with its generated parts renewed. */
export function costPage(): string {
  const measured = readMeasured();
  const cases = SIZES.flatMap((identities) => ACCOUNTS.map((accounts) => caseOf(identities, accounts, measured)));
  const parts: Readonly<Record<string, string>> = {
    totals: totals(cases),
    items: items([cases[0], cases[4], cases[5], cases[6], cases[8]].filter((one) => one !== undefined)),
    counts: counts(measured),
    prices: `Prices of us-east-1 as of ${PRICES_OF}, copied from AWS's public pages and from what quotes them: **check them before you rely on them.**\n\n${prices()}`,
    assumptions: assumptions(),
    paper: paperTable(measuredEstate(measured, SHARD)),
  };
  return Object.entries(parts).reduce(replaced, readFileSync(PAGE, 'utf8'));
}

function replaced(page: string, [name, text]: readonly [string, string]): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for its part "${name}"`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
