// Where the doctor's accounts and regions come from: the same that a sweep would look at.
import type { Configuration } from './configuration.ts';
import type { Target } from './model/identity.ts';
import { type Home, planTargets } from './sweep/plan-targets.ts';

export type WatchedTargets =
  | { readonly kind: 'resolved'; readonly targets: readonly Target[] }
  /** Nothing is known of what is watched. One sentence. */
  | { readonly kind: 'blind'; readonly detail: string };

export async function watchedTargets(configuration: Configuration, home: Home): Promise<WatchedTargets> {
  return { kind: 'resolved', targets: planTargets(configuration, home) };
}
