// The channel of a run that publishes to no topic.
import type { Channel } from '../sweep/ports.ts';

/** Tells nobody, and says so: alerts stay untold and go out at the first run that has a topic. */
export function nullChannel(): Channel {
  return {
    publish: async () => ({ kind: 'failed', detail: 'No topic was given: nobody is told.' }),
    audience: async () => ({ kind: 'known', confirmed: 0, pending: 0, nobodyWanted: true }),
  };
}
