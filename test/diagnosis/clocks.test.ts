// The clocks of SES over many sweeps: whatever is seen while SES misses the records, they do not begin anew.
import fc from 'fast-check';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { IdentityHistory } from '../../lambda/model/evidence.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import { evidence, NOW, NXDOMAIN, only, type Scene, SILENT } from './build.ts';

const HOUR = 3_600_000;
const SEEN = {
  right: {},
  lost: { answer: only(1, NXDOMAIN) },
  blind: { answer: only('all', SILENT) },
} satisfies Record<string, Scene>;
interface Sweep {
  readonly seen: keyof typeof SEEN;
  readonly status: SesFacts['status'];
}

/** One sweep an hour, from a healthy first sight on. */
function play(sweeps: readonly Sweep[]): readonly Diagnosis[] {
  let history: IdentityHistory | undefined;
  return [{ seen: 'right', status: 'SUCCESS' } as const, ...sweeps].map(({ seen, status }, hour) => {
    const now = new Date(Date.parse(NOW) + hour * HOUR).toISOString();
    const known = { ...evidence({ ...SEEN[seen], ses: { status, readAt: now } }), history, now };
    const diagnosis = diagnose(known);
    history = nextHistory(known, diagnosis);
    return diagnosis;
  });
}

const clocksOf = ({ findings }: Diagnosis): string =>
  findings
    .filter(({ kind }) => kind === 'record-missing')
    .flatMap(({ deadlines }) => deadlines.map(({ name, at }) => `${name} ${at}`))
    .join(' ');

test('while SES misses the records, a record that comes and goes does not move them', () => {
  let met = 0;
  const meanwhile = fc.array(fc.constantFrom<Sweep['seen']>('right', 'lost', 'blind'), { maxLength: 12 });
  fc.assert(
    fc.property(meanwhile, (seen) => {
      const all = play([
        { seen: 'lost', status: 'SUCCESS' },
        ...['lost' as const, ...seen, 'lost' as const].map((one): Sweep => ({ seen: one, status: 'TEMPORARY_FAILURE' })),
      ]);
      const told = all.map(clocksOf).filter((clocks) => clocks !== '');
      if (seen.includes('right')) met += 1;
      expect(new Set(told).size).toBe(1);
      expect(told[0]).toMatch(/^sending-lost \S+ signing-lost \S+$/);
    }),
  );
  expect(met).toBeGreaterThan(20);
});

test('once SES has said SUCCESS again, a new loss has clocks of its own', () => {
  const all = play([
    { seen: 'lost', status: 'TEMPORARY_FAILURE' },
    { seen: 'right', status: 'SUCCESS' },
    { seen: 'lost', status: 'SUCCESS' },
    { seen: 'lost', status: 'TEMPORARY_FAILURE' },
  ]).map(clocksOf);
  expect(all[1]).toContain('signing-lost 2026-03-06T12:00');
  expect(all[3]).toContain('signing-lost 2026-03-06T14:00');
  expect(all[4]).toBe(all[3]);
});
