// Tells what was decided, message by message, each remembered before the next.
import type { Plan } from '../alerts/plan.ts';
import { applyTold } from '../alerts/told.ts';
import type { AlertMemory } from '../model/alert.ts';
import type { Telling } from '../model/telling.ts';
import { ALERTS_KEY } from './blobs.ts';
import type { Concluded, ConcludeInput, ConcludeWorld } from './conclude.ts';
import type { openDelivery, Render } from './deliver.ts';
import type { Memory } from './ports.ts';

export type Told = Omit<Concluded, 'report'>;

/** The digest comes last, and is made only then: what this sweep told to be over is in it. */
function* inOrder(plan: Plan, digest: () => readonly Telling[]): Generator<Telling> {
  yield* plan.tellings;
  yield* digest();
}

/** Something is to be told, or an exit may have missed what an earlier sweep told. */
function mayDeliver({ tellings, digestFor }: Plan, { channel }: ConcludeWorld): boolean {
  return tellings.length > 0 || digestFor !== undefined || (channel.exits ?? []).length > 0;
}

/** {@link openDelivery}, loaded where it is needed. */
const open: typeof openDelivery = async (...given) => (await import('./deliver.ts')).openDelivery(...given);

/**
 * Tells `plan` in its order, the digest last. What could not be told is a trouble, and stays as it was in the memory that is returned. Nothing is told unless
 * the memory of alerts could be written first.
 */
export async function tellAll(
  plan: Plan,
  { alerts, alertsVersion, policy, early = false }: Pick<ConcludeInput, 'alerts' | 'policy' | 'early'> & { readonly alertsVersion: string },
  world: ConcludeWorld,
  digest: (plan: Plan, memory: AlertMemory) => readonly Telling[],
): Promise<Told> {
  const troubles: string[] = [];
  let memory = plan.memoryBefore;
  // Written before the first message: it fixes the ids under which a crash would repeat one. Where there is none and nothing changed, nothing is written.
  const quiet = plan.tellings.length === 0 && plan.digestFor === undefined && alertsVersion !== 'absent' && isSame(memory, alerts);
  let current: Awaited<ReturnType<Memory['write']>> = quiet
    ? { kind: 'written', version: alertsVersion }
    : await world.memory.write(ALERTS_KEY, memory, alertsVersion);
  let told = 0;
  let notPublished = 0;
  const render: Render = async (telling) => {
    // Loaded when there is something to tell: most sweeps say nothing.
    const { renderTelling } = await import('../messages/render.ts');
    return renderTelling(telling, new Date(world.clock()).toISOString());
  };
  const delivery = current.kind === 'written' && mayDeliver(plan, world) ? await open(memory, policy.routing, render, world) : undefined;
  // What waits is the sweeps' to try, and to alarm of: an early check that came back for it would look again, and could not mend it.
  if (!early) await delivery?.retry();
  const ended = (...more: readonly string[]): Told => {
    const ofExits = (delivery?.troubles() ?? []).filter(({ again }) => !(early && again)).map(({ detail }) => detail);
    return { told, troubles: [...troubles, ...ofExits, ...more], notPublished: notPublished + ofExits.length, alerts: memory };
  };
  for (const telling of inOrder(plan, () => digest(plan, memory))) {
    if (current.kind === 'conflict' || delivery === undefined)
      return ended('Another sweep wrote the memory of alerts meanwhile: the rest is left to it.');
    const message = await render(telling);
    const published = await delivery.send(telling, message);
    if (published.kind === 'failed') {
      notPublished += 1;
      troubles.push(`A message could not be published (${telling.event}, ${message.subject}): ${published.detail}`);
      world.log('error', 'publish-failed', { messageId: message.messageId, event: telling.event, detail: published.detail });
      continue;
    }
    told += 1;
    world.log('info', 'told', {
      messageId: message.messageId,
      alertId: message.alertId,
      event: telling.event,
      subject: message.subject,
      keys: keysOf(telling),
    });
    memory = applyTold(memory, telling, message, new Date(world.clock()).toISOString());
    current = await world.memory.write(ALERTS_KEY, memory, current.version);
  }
  if (current.kind === 'conflict') troubles.push('Another sweep wrote the memory of alerts meanwhile: a message may be repeated.');
  return ended();
}

const isSame = (a: AlertMemory, b: AlertMemory): boolean => JSON.stringify(a) === JSON.stringify(b);

const keysOf = (telling: Telling): readonly string[] =>
  telling.kind === 'alert' ? [telling.alert.key] : telling.kind === 'digest' ? [] : telling.alerts.slice(0, 50).map(({ key }) => key);
