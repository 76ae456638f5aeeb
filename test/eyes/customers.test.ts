// 3,000 customers' domains, each of which loses its records for reasons of its own: how many are told to have one cause.
import { finding, at, broken, healthy, HOUR, input, introduced, report, result, sweep, target } from '../alerts/build.ts';

const N = 3000;
const hash = (i: number, s: number): number => ((i * 2654435761 + s * 40503) >>> 0) % 1_000_003;
const serversOf = (i: number): readonly string[] => {
  const p = hash(i, 1) % 100;
  if (p < 40) return [`n${hash(i, 2) % 50}.ns.cloudflare.com`, `m${hash(i, 3) % 50}.ns.cloudflare.com`];
  if (p < 60) return [`ns${hash(i, 4) % 80}.domaincontrol.com`, `ns${(hash(i, 4) % 80) + 1}.domaincontrol.com`];
  if (p < 75) return [`ns-${hash(i, 5) % 2000}.awsdns-${String(hash(i, 6) % 64).padStart(2, '0')}.com`];
  return [`ns.h${i}.example`];
};

test('losses that have nothing to do with each other', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const until = new Map<number, number>();
  let memory = introduced(target());
  const said: string[] = [];
  let lost = 0;
  let ownOpened = 0;
  let inGroup = 0;
  const perDay = Number(process.env.PER_DAY ?? 8);
  for (let h = 1; h <= 30 * 24; h++) {
    if (random() < perDay / 24) {
      const i = Math.floor(random() * N);
      if (!until.has(i)) { until.set(i, h + 4 + random() * 72); lost += 1; }
    }
    for (const [i, end] of until) if (end <= h) until.delete(i);
    const results = [...Array(N).keys()].map((i) => result(`c${i}.example`, until.has(i) ? broken(finding()) : healthy, { zone: `c${i}.example`, nameServers: serversOf(i) }));
    const done = sweep(input([report(results)], { memory, now: at(h * HOUR) }));
    memory = done.memory;
    for (const t of done.plan.tellings) {
      if (t.kind === 'alert' && t.event === 'opened') ownOpened += 1;
      if (t.kind === 'summary' && t.group && (t.event === 'opened' || t.event === 'changed' || t.event === 'reopened')) {
        inGroup += 1;
        said.push(`${h}h ${t.event} ${t.group.reason} ${t.group.alert.cause?.by} ${t.group.alert.cause?.names.join(',')} n=${t.group.alert.affected.length}`);
      }
    }
  }
  console.log(`lost ${lost}, own alerts ${ownOpened}, told as "one cause" ${inGroup}\n${said.join('\n')}`);
  expect(inGroup).toBe(0);
}, 300_000);
