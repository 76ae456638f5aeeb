// docs/doctor.md shows what the command really prints, and names every link.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LINKS } from '../../lambda/model/checkup.ts';
import { HOME, install, MEMBER } from './installation.ts';

const FILE = fileURLToPath(new URL('../../docs/doctor.md', import.meta.url));
// An installation has an environment of its own.
const UPDATE = process.env.UPDATE_GOLDEN === '1';
const EXAMPLE = /(<!-- example: begin [^>]*-->\n```text\n)([\s\S]*?)(```\n<!-- example: end -->)/;

test('the example is what the command prints (UPDATE_GOLDEN=1 writes it)', async () => {
  const subscription = (endpoint: string, confirmed: boolean) => ({ protocol: 'email' as const, endpoint, confirmed });
  const subscriptions = [subscription('dns@example.com', true), subscription('ops@example.com', false)];
  const installation = await install({
    role: { externalId: 'another-external-id' },
    home: { topics: [{ name: 'ses-dkim-monitor-alerts', region: 'us-east-1', subscriptions }], regionsOff: ['eu-south-1'] },
  });
  try {
    const { code, out } = await installation.doctor();
    expect(code).toBe(1);
    // The sandbox listens where the system lets it.
    const [first, second] = installation.sandbox.resolvers.map(({ address, port }) => `${address}:${port}`);
    const shown = out.replaceAll(first ?? '', '1.1.1.1').replaceAll(second ?? '', '8.8.8.8');
    expect(shown).toContain(HOME);
    expect(shown).toContain(MEMBER);
    if (UPDATE)
      writeFileSync(
        FILE,
        readFileSync(FILE, 'utf8').replace(EXAMPLE, (_all, begin: string, _old: string, end: string) => `${begin}${shown}${end}`),
      );
    expect(EXAMPLE.exec(readFileSync(FILE, 'utf8'))?.[2]).toBe(shown);
  } finally {
    await installation.close();
  }
}, 30_000);

test('every link stands in its table', () => {
  const table = readFileSync(FILE, 'utf8');
  expect(LINKS.filter((link) => !table.includes(`\`${link}\``))).toEqual([]);
});
