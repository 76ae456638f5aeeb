// npm run soak: months of an estate in simulated time, with incidents, noise, outages and restarts; was everything told, in time, and nothing else?
import { parseArgs } from 'node:util';
import { runSoak } from './soak/run.ts';
import { scoreText } from './soak/score.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '90' },
    identities: { type: 'string', default: '300' },
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
  },
});
const options = {
  days: Number(values.days),
  identities: Number(values.identities),
  minutes: Number(values.minutes),
  seed: Number(values.seed),
};

async function main(): Promise<void> {
  const began = Date.now();
  const { score, ...run } = await runSoak({
    ...options,
    onDay: (day, messages) => {
      const seconds = Math.round((Date.now() - began) / 1000);
      if (day % 10 === 0) process.stderr.write(`day ${day} of ${options.days}, ${seconds} s, ${messages} messages\n`);
    },
  });
  process.stdout.write(scoreText(score, { ...options, ...run }));
  process.exitCode = score.missed.length + score.falseAlarms.length + score.slow.length + score.open.length > 0 ? 1 : 0;
}

await main();
