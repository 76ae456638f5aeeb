// What SES counts, over days: its clocks start once, run for every cause that it has noticed, and nothing is said of a time in which nobody could see.
import type { ReportFinding } from '../../lambda/model/report.ts';
import { DOMAIN, ownKeyShop, SUBJECT, sesSays, shop, shopScenario, TOKENS } from '../../sandbox/scenarios/one-shop.ts';
import { type Scenario, type Step, wait } from '../../sandbox/scenarios/plot.ts';
import { SCENARIOS } from '../../sandbox/scenarios/scenario.ts';
import { type Moment, openTheatre } from './theatre.ts';

const theatre = openTheatre();
afterAll(async () => (await theatre).close());

const LONG = 180_000;
const hours = (n: number): Step => wait(`${n} h later`, n * 60);
const NOTICED = {
  status: 'TEMPORARY_FAILURE',
  errorType: 'HOST_NOT_FOUND',
  checkedAt: '2026-06-01T15:30:00Z',
  succeededAt: '2026-05-31T20:00:00Z',
} as const;

async function play(scenario: Scenario, ...more: readonly Step[]): Promise<readonly Moment[]> {
  return (await (await theatre).play({ ...scenario, steps: [...scenario.steps, ...more] })).moments;
}

const ofShop = ({ report }: Moment) =>
  report.identities.find(({ account, region, identity }) => `${account}/${region}/${identity}` === SUBJECT);
const findingsOf = (moment: Moment): readonly ReportFinding[] => ofShop(moment)?.findings ?? [];
const kindsOf = (moment: Moment): readonly string[] => findingsOf(moment).map(({ kind }) => kind);
const clocksOf = (moment: Moment): readonly string[] =>
  findingsOf(moment).flatMap(({ deadlines = [] }) => deadlines.map(({ name, at }) => `${name} ${at}`));
const subjects = (moments: readonly Moment[]): readonly string[] =>
  moments.flatMap(({ mails }) => mails.map(({ subject }) => subject)).filter((subject) => subject.includes(DOMAIN));

const scenario = (name: string): Scenario => {
  const found = SCENARIOS[name];
  if (found === undefined) throw new Error(`there is no scenario "${name}"`);
  return found;
};

test.concurrent(
  'DNSSEC stays broken for days: the clocks stand still, before SES notices and after',
  async () => {
    const bogus = shopScenario(
      'dnssec-for-days',
      'DNSSEC breaks; SES notices; nobody mends it.',
      [{ title: 'DNSSEC breaks', minutesLater: 120, sweeps: 2, apply: (s) => s.dns.setBogus(DOMAIN, true) }],
      {},
    );
    const [, ...broken] = await play(
      bogus,
      hours(2),
      sesSays('SES notices', shop(NOTICED)),
      hours(24),
      hours(24),
      hours(14),
      hours(24),
      hours(18),
      hours(8),
    );
    const [first, ...later] = broken.map(clocksOf);
    expect(first?.map((clock) => clock.split(' ')[0]).sort()).toEqual(['sending-lost', 'signing-lost']);
    expect(later).toEqual(later.map(() => first));
    expect(subjects(broken).map((subject) => subject.replace(/\].*/, ']'))).toEqual([
      '[CRITICAL]',
      '[CRITICAL, UNDER 48 H LEFT]',
      '[CRITICAL, UNDER 24 H LEFT]',
      '[CRITICAL, UNDER 6 H LEFT]',
      // Sending first; the set-up two days later.
      '[CRITICAL, TIME IS UP]',
      '[CRITICAL, UNDER 24 H LEFT]',
      '[CRITICAL, UNDER 6 H LEFT]',
    ]);
  },
  LONG,
);

test.concurrent.each([
  ['key-changed', 'key-changed', ownKeyShop],
  ['split-data', 'nameservers-disagree', shop],
  ['flattened', 'record-wrong-type', shop],
  ['own-key-twice', 'record-ambiguous', ownKeyShop],
] as const)(
  '%s: what SES may not mind is told again, with its clocks, as soon as it does',
  async (name, kind, identity) => {
    const moments = await play(scenario(name), sesSays('SES notices', identity(NOTICED)), hours(1), hours(23));
    const [later, soon, noticed, before] = [...moments].reverse();
    if (before === undefined || noticed === undefined || soon === undefined || later === undefined) throw new Error('too few moments');
    expect([kindsOf(before), clocksOf(before)]).toEqual([[kind], []]);
    expect(kindsOf(noticed)).toEqual([kind]);
    expect(clocksOf(noticed).map((clock) => clock.split(' ')[0])).toEqual(['sending-lost', 'signing-lost']);
    expect(clocksOf(later)).toEqual(clocksOf(noticed));
    expect(subjects([noticed]).map((subject) => subject.slice(0, 18))).toEqual(['[WARNING, CHANGED]']);
    expect(subjects([soon])).toEqual([]);
    expect(subjects([later]).map((subject) => subject.slice(0, 26))).toEqual(['[WARNING, UNDER 48 H LEFT]']);
  },
  LONG,
);

test.concurrent(
  'servers disagree until all time is up: that is told, for each clock',
  async () => {
    const moments = await play(scenario('split-data'), sesSays('SES notices', shop(NOTICED)), ...[24, 24, 18, 6, 24, 18, 6].map(hours));
    expect(subjects(moments).map((subject) => subject.replace(/\].*/, ']'))).toEqual([
      '[WARNING]',
      '[WARNING, CHANGED]',
      '[WARNING, UNDER 48 H LEFT]',
      '[WARNING, UNDER 24 H LEFT]',
      '[WARNING, UNDER 6 H LEFT]',
      '[WARNING, TIME IS UP]',
      '[WARNING, UNDER 24 H LEFT]',
      '[WARNING, UNDER 6 H LEFT]',
      '[WARNING, TIME IS UP]',
    ]);
  },
  LONG,
);

test.concurrent(
  'what SES was held to before nobody could see is held against it afterwards',
  async () => {
    let answers = (): void => undefined;
    const gap = shopScenario(
      'gap',
      'SES misses records that are right; then nobody can see for two hours.',
      [
        sesSays('SES misses them', shop(NOTICED)),
        hours(12),
        {
          title: 'the servers refuse',
          minutesLater: 60,
          apply: (s) => {
            answers = s.dns.behave({ servers: [`zone:${DOMAIN}`], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
          },
        },
        sesSays('SES looks meanwhile', shop({ ...NOTICED, checkedAt: '2026-06-02T03:30:00Z' })),
        { title: 'they answer again', minutesLater: 60, apply: () => answers() },
      ],
      {},
    );
    const moments = await play(gap);
    expect(moments.slice(-1).map(kindsOf)).toEqual([['ses-cannot-verify']]);
    expect(clocksOf(moments.at(-1) as Moment)).toEqual(clocksOf(moments[1] as Moment));
  },
  LONG,
);

test.concurrent(
  'repaired while SES verifies anew: not over before it signs',
  async () => {
    const pending = { status: 'PENDING', keyGeneratedAt: '2026-06-01T13:30:00Z' } as const;
    const moments = await play(
      shopScenario(
        'new-key-length',
        'A record is lost, the key length is changed, the record comes back.',
        [
          { title: 'one lost', minutesLater: 60, apply: (s) => s.dns.removeRecord(DOMAIN, `${TOKENS[0]}._domainkey`) },
          sesSays('SES verifies a new key', shop(pending)),
          {
            title: 'it is back',
            minutesLater: 60,
            apply: (s) => s.dns.setRecord(DOMAIN, `${TOKENS[0]}._domainkey`, 'CNAME', `${TOKENS[0]}.dkim.amazonses.com`),
          },
          sesSays('SES signs', shop()),
        ],
        {},
      ),
    );
    expect(moments.slice(1).map((moment) => subjects([moment]).map((subject) => subject.replace(/\].*/, ']')))).toEqual([
      ['[CRITICAL]'],
      // Unsigned while it verifies: what DMARC makes of that is new.
      ['[CRITICAL, CHANGED]'],
      [],
      ['[RECOVERED]'],
    ]);
  },
  LONG,
);

const PENDING = { status: 'PENDING', keyGeneratedAt: '2026-06-01T11:00:00Z' } as const;
const looked = (status: typeof PENDING | typeof NOTICED, checkedAt: string): Step =>
  sesSays('SES looks in this time', shop({ ...status, errorType: 'DNS_SERVER_ERROR', checkedAt }));

test.concurrent.each(['bogus', 'refused'] as const)(
  'in a time of %s SES looked, and nobody saw what it saw: afterwards it is neither overdue nor wrong',
  async (how) => {
    let mend = (): void => undefined;
    const trouble: Step = {
      title: 'the trouble begins',
      minutesLater: 10,
      sweeps: 4,
      apply: (s) => {
        if (how === 'bogus') {
          s.dns.setBogus(DOMAIN, true);
          mend = () => s.dns.setBogus(DOMAIN, false);
        } else {
          mend = s.dns.behave({
            servers: [`zone:${DOMAIN}`],
            behaviour: { kind: 'rcode', rcode: 'REFUSED' },
          });
        }
      },
    };
    const mended: Step = { title: 'the trouble ends', minutesLater: 60, sweeps: 3, apply: () => mend() };
    const pending = shopScenario(`pending-${how}`, 'Pending meanwhile.', [trouble], {}, { identity: shop(PENDING) });
    const waiting = await play(pending, hours(4), hours(4), looked(PENDING, '2026-06-01T20:00:00Z'), mended);
    expect(waiting.slice(-1).map(kindsOf)).toEqual([['verification-pending']]);

    const verified = shopScenario(`noticed-${how}`, 'Verified before.', [trouble], {});
    const noticed = await play(verified, looked(NOTICED, '2026-06-01T13:30:00Z'), hours(1), mended, hours(1));
    expect(noticed.slice(-2).map((moment) => [ofShop(moment)?.diagnosis, ...kindsOf(moment)])).toEqual(
      Array(2).fill(['healthy', 'verification-pending']),
    );
  },
  LONG,
);
