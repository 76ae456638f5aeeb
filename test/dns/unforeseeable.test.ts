// What a forger would have to guess: id, port and letters' case, over thousands of questions, with the chance the room really uses.
import { GOOD, NAME, QUESTION } from './one-question.ts';
import { replyTo } from './packets.ts';
import { closeAll, dnsTo, openSmallServer, SERVER, type SmallServer } from './small-server.ts';

afterEach(closeAll);

const QUESTIONS = 4096;
/** Six standard deviations of a count of `n` with chance `p`: what chance alone passes once in 500 million times. */
const tolerance = (n: number, p: number): number => 6 * Math.sqrt(n * p * (1 - p));

async function ask(questions: number): Promise<SmallServer['heard']> {
  const server = await openSmallServer({ udp: (q, _, send) => send(replyTo(q.bytes, GOOD)) });
  const dns = dnsTo(server.port, { pace: { perServerPerSecond: 1e6, burst: 1000, perServerAtOnce: 50 } });
  await Promise.all(Array.from({ length: questions }, () => dns.ask(SERVER, QUESTION)));
  // A packet that the machine lost was sent again: each packet is made anew.
  expect(server.heard.length).toBeGreaterThanOrEqual(questions);
  return server.heard;
}

function counts<T>(all: readonly T[]): ReadonlyMap<T, number> {
  const found = new Map<T, number>();
  for (const one of all) found.set(one, (found.get(one) ?? 0) + 1);
  return found;
}

/** Each of `kinds` values came about as often as the others. */
function expectEven(all: readonly unknown[], kinds: number): void {
  const found = counts(all);
  expect(found.size).toBe(kinds);
  const expected = all.length / kinds;
  for (const count of found.values()) expect(Math.abs(count - expected)).toBeLessThanOrEqual(tolerance(all.length, 1 / kinds));
}

test('ids, ports and letters’ case are even, and independent of each other', async () => {
  const heard = await ask(QUESTIONS);
  const ids = heard.map(({ bytes }) => bytes.readUInt16BE(0));
  // Sixteen ports, all of them, each as often as any other.
  expectEven(
    heard.map(({ fromPort }) => fromPort),
    16,
  );
  for (let bit = 0; bit < 16; bit += 1)
    expectEven(
      ids.map((id) => (id >> bit) & 1),
      2,
    );
  // Of 4,096 out of 65,536 about 3,970 are different; a sequence, or a short cycle, would be far off.
  const expected = 65_536 * (1 - (1 - 1 / 65_536) ** heard.length);
  expect(Math.abs(new Set(ids).size - expected)).toBeLessThanOrEqual(80);
  // The next id does not follow from the last one.
  expectEven(
    ids.slice(1).map((id, i) => ((id - (ids[i] ?? 0)) & 0xffff) >> 12),
    16,
  );
  const letters = [...NAME].flatMap((letter, at) => (/[a-z]/.test(letter) ? [at] : []));
  for (const at of letters)
    expectEven(
      heard.map(({ name }) => name[at] !== NAME[at]),
      2,
    );
  // Port and id, id and case: no pair of bits goes together more often than chance has it.
  const ports = [...new Set(heard.map(({ fromPort }) => fromPort))];
  expectEven(
    heard.map(({ fromPort, bytes }) => `${ports.indexOf(fromPort) & 1} ${bytes.readUInt8(1) & 1}`),
    4,
  );
  expectEven(
    heard.map(({ name, bytes }) => `${name[letters[0] ?? 0] === NAME[letters[0] ?? 0]} ${bytes.readUInt8(1) & 1}`),
    4,
  );
});

test('two rooms do not begin alike', async () => {
  const [one, two] = [await ask(64), await ask(64)];
  const beginning = (heard: SmallServer['heard']): string => heard.map(({ bytes, name }) => `${bytes.readUInt16BE(0)} ${name}`).join(' ');
  expect(beginning(one)).not.toBe(beginning(two));
});
