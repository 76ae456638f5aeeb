// Politeness: whatever servers do, no address gets more questions at once, or in any span of time, than the pace allows.
import fc from 'fast-check';
import { createPacing, type PacingLimits } from '../../lambda/dns/pacing.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { cname, replyTo } from './packets.ts';
import { closeAll, dnsTo, framed, type Heard, openSmallServer, SERVER } from './small-server.ts';

afterEach(closeAll);

/** The most that a token bucket lets go in any span: checks every pair of times (ms, ascending). Returns the worst excess, 0 or less if kept. */
function excess(times: readonly number[], perSecond: number, burst: number): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < times.length; i += 1)
    for (let j = i; j < times.length; j += 1) {
      const allowed = burst + (((times[j] ?? 0) - (times[i] ?? 0)) * perSecond) / 1000;
      worst = Math.max(worst, j - i + 1 - allowed);
    }
  return worst;
}

test('the measure itself: it sees one packet too many', () => {
  expect(excess([0, 0, 20, 40, 60], 50, 2)).toBeCloseTo(0);
  expect(excess([0, 0, 0, 20, 40], 50, 2)).toBeCloseTo(1);
  expect(excess([0, 0, 20, 25, 40], 50, 2)).toBeGreaterThan(0.5);
});

describe('with a clock made of numbers', () => {
  const limits: PacingLimits = {
    server: { perSecond: 50, burst: 2, unproven: 2, proven: 5 },
    resolver: { perSecond: 400, burst: 20, unproven: 100, proven: 100 },
    inFlight: 12,
    waiting: 100_000,
  };
  const SERVERS = 3;

  interface Seen {
    /** When packets left, by server. */
    readonly sent: number[][];
    readonly mostAtOnce: number[];
    mostInAll: number;
    /** When each server showed distress first. */
    readonly spared: (number | undefined)[];
  }

  /** How one conversation goes: packets, ms from each to the next thing heard, and whether it finds at its turn that nothing need be sent. */
  const conversation = fc.record({
    server: fc.nat(SERVERS - 1),
    at: fc.nat(3000),
    packets: fc.integer({ min: 1, max: 8 }),
    each: fc.integer({ min: 1, max: 600 }),
    distress: fc.boolean(),
    answered: fc.boolean(),
    late: fc.boolean(),
  });
  type Plan = typeof conversation extends fc.Arbitrary<infer T> ? T : never;

  /** Runs all of them through the pacing, retries, distress and second thoughts included, until everything is over. */
  function simulate(plans: readonly Plan[], steps: readonly number[]): Seen {
    const pacing = createPacing(limits);
    const seen: Seen = { sent: [[], [], []], mostAtOnce: [0, 0, 0], mostInAll: 0, spared: [undefined, undefined, undefined] };
    const running = [0, 0, 0];
    const agenda: { at: number; run: () => void }[] = [];
    let now = 0;

    function finish(plan: Plan, key: string, sentNothing: boolean): void {
      running[plan.server] = (running[plan.server] ?? 0) - 1;
      pacing.end(key, sentNothing);
    }
    function packet(plan: Plan, key: string, left: number): void {
      seen.sent[plan.server]?.push(now);
      agenda.push({ at: now + plan.each, run: () => heard(plan, key, left - 1) });
    }
    function heard(plan: Plan, key: string, left: number): void {
      if (plan.distress && left === 2) {
        seen.spared[plan.server] ??= now;
        pacing.penalise(key, now);
      }
      if (left > 0) {
        pacing.again(key, () => packet(plan, key, left));
        return;
      }
      if (plan.answered) pacing.proved(key);
      finish(plan, key, false);
    }
    function begin(plan: Plan): void {
      const key = `server ${plan.server}`;
      pacing.begin(key, 'server', () => {
        const atOnce = (running[plan.server] ?? 0) + 1;
        running[plan.server] = atOnce;
        seen.mostAtOnce[plan.server] = Math.max(seen.mostAtOnce[plan.server] ?? 0, atOnce);
        seen.mostInAll = Math.max(
          seen.mostInAll,
          running.reduce((sum, n) => sum + n, 0),
        );
        if (plan.late) finish(plan, key, true);
        else packet(plan, key, plan.packets);
      });
    }

    for (const plan of plans) agenda.push({ at: plan.at, run: () => begin(plan) });
    for (let step = 0; agenda.length > 0 || pacing.busy(); step += 1) {
      now += steps[step % steps.length] ?? 10;
      const due = agenda.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      for (const one of due) agenda.splice(agenda.indexOf(one), 1);
      for (const one of due) one.run();
      pacing.pump(now);
    }
    return seen;
  }

  const plans = fc.array(conversation, { minLength: 1, maxLength: 120 });
  // How far the clock goes between two looks: even, jerky, or standing still for a second.
  const steps = fc.array(fc.constantFrom(1, 3, 10, 10, 10, 47, 1000), { minLength: 1, maxLength: 30 });

  test('no schedule of conversations gets more packets out than rate and burst allow, nor more at once', () => {
    fc.assert(
      fc.property(plans, steps, (all, clock) => {
        const seen = simulate(all, clock);
        const packets = all.reduce((sum, plan) => sum + (plan.late ? 0 : plan.packets), 0);
        // Nobody is forgotten either.
        expect(seen.sent.flat()).toHaveLength(packets);
        for (const times of seen.sent) expect(excess(times, limits.server.perSecond, limits.server.burst)).toBeLessThanOrEqual(1e-6);
        for (const most of seen.mostAtOnce) expect(most).toBeLessThanOrEqual(limits.server.proven);
        expect(seen.mostInAll).toBeLessThanOrEqual(limits.inFlight);
      }),
      { numRuns: 300 },
    );
  });

  test('a server that showed distress gets half of it', () => {
    fc.assert(
      fc.property(plans, steps, (all, clock) => {
        const { sent, spared } = simulate(all, clock);
        for (const [server, since] of spared.entries()) {
          const after = since === undefined ? [] : (sent[server] ?? []).filter((at) => at > since);
          expect(excess(after, limits.server.perSecond / 2, limits.server.burst)).toBeLessThanOrEqual(1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('over the wire', () => {
  const PACE = { perServerPerSecond: 200, burst: 3, perServerAtOnce: 24 };
  const DOMAINS = 72;

  const goodFor = ({ name }: Heard) => ({ answers: [cname(name, 'tok.dkim.amazonses.com')] });

  interface Arrived {
    readonly at: number;
    readonly atOnce: number;
  }

  type Mood = 'prompt' | 'late' | 'second time' | 'no EDNS' | 'truncated' | 'SERVFAIL first';

  /** A hoster that answers each customer's domain in its own way. */
  async function askHoster(moodOf: (customer: number) => Mood) {
    const arrived: Arrived[] = [];
    const open = new Set<string>();
    const times = new Map<string, number>();
    const note = ({ name }: Heard): number => {
      open.add(name.toLowerCase());
      arrived.push({ at: performance.now(), atOnce: open.size });
      const nth = (times.get(name.toLowerCase()) ?? 0) + 1;
      times.set(name.toLowerCase(), nth);
      return nth;
    };
    const server = await openSmallServer({
      udp: (q, _, send) => {
        const nth = note(q);
        const good = goodFor(q);
        const mood = moodOf(Number(/customer-(\d+)/.exec(q.name.toLowerCase())?.[1]));
        const answer = (draft: Parameters<typeof replyTo>[1], final: boolean): void => {
          if (final) open.delete(q.name.toLowerCase());
          send(replyTo(q.bytes, draft), mood === 'late' ? 30 : 0);
        };
        if (mood === 'prompt' || mood === 'late' || (mood === 'second time' && nth > 1)) answer(good, true);
        if (mood === 'no EDNS') answer(q.edns ? { rcode: 1, aa: false } : good, !q.edns);
        if (mood === 'truncated') answer({ tc: true }, false);
        if (mood === 'SERVFAIL first') answer(nth === 1 ? { rcode: 2, aa: false } : good, nth > 1);
      },
      tcp: (q, connection) => {
        note(q);
        open.delete(q.name.toLowerCase());
        connection.end(framed(replyTo(q.bytes, goodFor(q))));
      },
    });
    const dns = dnsTo(server.port, { pace: PACE, timeouts: { firstMs: 120, secondMs: 400, tcpMs: 4000, servfailAgainMs: 40 } });
    const names = Array.from({ length: DOMAINS }, (_, i) => [1, 2, 3].map((n) => dnsName(`tok${n}._domainkey.customer-${i}.com`))).flat();
    const lookups = await Promise.all(names.map((name) => dns.ask(SERVER, { name, type: 'TXT' })));
    return { arrived, server, dns, lookups };
  }

  const MOODS: readonly Mood[] = ['prompt', 'no EDNS', 'SERVFAIL first', 'late', 'SERVFAIL first', 'second time'];

  /*
   * The log knows when a packet was read, not when it left. Reading late can bring together only what had left before the delay: while this
   * process stands still nothing leaves, and what leaves afterwards finds a full bucket at most. Over TCP a packet passes three more turns of
   * the event loop (connected, accepted, read). So a span of the log holds at most four bursts besides the rate.
   */
  const SLACK = 4 * PACE.burst;

  test('a hoster’s own log: never more in any span than rate and burst, retries and TCP included, never more at once', async () => {
    // Only one customer's answers are truncated: a burst of those would halve the pace.
    const { arrived, server, dns, lookups } = await askHoster((customer) =>
      customer === 7 ? 'truncated' : (MOODS[customer % 6] ?? 'prompt'),
    );
    // Every packet that left came, and is in the log.
    expect(arrived).toHaveLength(dns.questions());
    expect(server.heard).toHaveLength(dns.questions());
    expect(arrived.length).toBeGreaterThan(lookups.length * 1.5);
    expect(lookups.filter(({ outcome }) => outcome.kind === 'answer')).toHaveLength(lookups.length);
    const times = arrived.map(({ at }) => at);
    expect(excess(times, PACE.perServerPerSecond, SLACK)).toBeLessThanOrEqual(0);
    expect(Math.max(...arrived.map(({ atOnce }) => atOnce))).toBeLessThanOrEqual(PACE.perServerAtOnce);
  });

  test('a hoster that truncates everything gets half of it from the fifth time on', async () => {
    const { arrived, server, lookups } = await askHoster(() => 'truncated');
    expect(lookups.filter(({ outcome }) => outcome.kind === 'answer')).toHaveLength(lookups.length);
    const fifth = server.heard.flatMap(({ over }, i) => (over === 'udp' ? [i] : []))[4] ?? Number.NaN;
    const times = arrived.slice(fifth + SLACK).map(({ at }) => at);
    expect(times.length).toBeGreaterThan(lookups.length);
    expect(excess(times, PACE.perServerPerSecond / 2, SLACK)).toBeLessThanOrEqual(0);
  });
});
