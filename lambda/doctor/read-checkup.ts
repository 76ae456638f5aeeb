// Reads a checkup that came from outside: from a function that may be of another version, or another function altogether.
import * as z from 'zod';
import { CHECK_OUTCOMES, type Checkup, LINKS } from '../model/checkup.ts';

const outcome = z.enum(CHECK_OUTCOMES as readonly [string, ...string[]]);
const place = z.object({ account: z.string().optional(), region: z.string().optional(), subject: z.string().optional() });
const count = z.int().min(0);

const checkup = z.object({
  schema: z.literal(1),
  startedAt: z.string(),
  finishedAt: z.string(),
  rights: z.object({ of: z.enum(['function', 'caller']), arn: z.string().optional() }),
  home: z.object({ account: z.string(), region: z.string() }).optional(),
  configurationHash: z.string().optional(),
  accounts: count,
  targets: count,
  summary: z.object({ ok: count, warn: count, fail: count, unknown: count, skipped: count }),
  results: z.array(
    z.object({
      link: z.enum(LINKS),
      outcome,
      kind: z.string().optional(),
      title: z.string(),
      says: z.string(),
      todo: z.string(),
      commands: z.array(z.string()),
      count,
      places: z.array(place),
      detail: z.string().optional(),
    }),
  ),
});

/** Undefined if it is none, or one that this version cannot read. */
export function readCheckup(value: unknown): Checkup | undefined {
  const parsed = checkup.safeParse(value);
  // The schema above is this type's, but that zod gives optional fields as possibly undefined: JSON has no such value.
  return parsed.success ? (parsed.data as Checkup) : undefined;
}
