// Reads what the state machine asks of one invocation. Whoever may invoke the function may write anything here: a bad shape is one sentence, never half a step.

import type { Target } from '../model/identity.ts';
import { parseAccountId, parseRegion } from '../model/names.ts';
import type { Item, Pace, Run } from './run.ts';

export type Step =
  | { readonly step: 'plan'; readonly run: string }
  | { readonly step: 'target'; readonly run: Run; readonly item: Extract<Item, { kind: 'targets' }> }
  | { readonly step: 'inventory'; readonly run: Run; readonly item: Extract<Item, { kind: 'large' }> }
  | { readonly step: 'part'; readonly run: Run; readonly item: Extract<Item, { kind: 'large' }>; readonly part: number }
  | { readonly step: 'conclude'; readonly run: Run }
  /** The run ended without its last step. */
  | { readonly step: 'release'; readonly run: string };

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for an event that is no step at all. Throws for one that claims to be and is not. */
export function parseStep(event: unknown): Step | undefined {
  const { step, run, item, part } = fields(event);
  if (step === undefined) return undefined;
  switch (step) {
    case 'plan':
      return { step: 'plan', run: runId(run) };
    case 'release':
      return { step: 'release', run: runId(run) };
    case 'conclude':
      return { step: 'conclude', run: runOf(run) };
    case 'target': {
      const parsed = itemOf(item);
      if (parsed.kind === 'targets') return { step: 'target', run: runOf(run), item: parsed };
      break;
    }
    case 'inventory': {
      const parsed = itemOf(item);
      if (parsed.kind === 'large') return { step: 'inventory', run: runOf(run), item: parsed };
      break;
    }
    case 'part': {
      const parsed = itemOf(item);
      if (parsed.kind === 'large' && isIndex(part) && parsed.parts.includes(part))
        return { step: 'part', run: runOf(run), item: parsed, part };
      break;
    }
  }
  throw new Error(`This is no step of a run: ${typeof step === 'string' ? step.slice(0, 40).replace(/[^a-z-]/gi, '?') : typeof step}.`);
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const isIndex = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isRate = (value: unknown): value is number => typeof value === 'number' && value > 0 && Number.isFinite(value);

/** The name of an execution becomes part of keys in the bucket; one started by hand may be named otherwise. */
function runId(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,80}$/.test(value)) return value;
  throw new Error('The name of a run has 1 to 80 letters, digits, "-" and "_": start the execution without a name, or with such a one.');
}

function runOf(value: unknown): Run {
  const { id, startedAt, until } = fields(value);
  if (typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt)) || !isIndex(until)) throw new Error('The run has no times.');
  return { id: runId(id), startedAt, until };
}

function itemOf(value: unknown): Item {
  const { n, kind, targets, target, parts, pace } = fields(value);
  if (!isIndex(n)) throw new Error('The piece of the run has no number.');
  if (kind === 'large' && Array.isArray(parts) && parts.every(isIndex))
    return { n, kind, target: targetOf(target), parts, pace: paceOf(pace) };
  if (kind === 'targets' && Array.isArray(targets)) return { n, kind, targets: targets.map(targetOf), pace: paceOf(pace) };
  throw new Error('The piece of the run names no targets.');
}

function targetOf(value: unknown): Target {
  const { account, region } = fields(value);
  const [id, place] = [parseAccountId(String(account)), parseRegion(String(region))];
  if (!id.ok || !place.ok) throw new Error('The piece of the run names a target that is none.');
  return { account: id.value, region: place.value };
}

function paceOf(value: unknown): Pace {
  const { askers, perServerPerSecond, resolverPerSecond } = fields(value);
  if (!isRate(askers) || !isRate(perServerPerSecond)) throw new Error('The piece of the run does not say how fast it may ask.');
  return { askers, perServerPerSecond, ...(isRate(resolverPerSecond) ? { resolverPerSecond } : {}) };
}
