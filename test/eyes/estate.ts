// A host with many identities whose state each sweep is given, played sweep by sweep as the story does.
import { planAlerts } from '../../lambda/alerts/plan.ts';
import { applyTold } from '../../lambda/alerts/told.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { AlertPolicy } from '../../lambda/model/policy.ts';
import type { IdentityResult } from '../../lambda/model/report.ts';
import type { AlertTelling } from '../../lambda/model/telling.ts';
import { at, broken, finding, HOUR, healthy, input, POLICY, report, result, unknown } from '../alerts/build.ts';

export type State = 'well' | 'quick' | 'broken' | 'worse' | 'deleted' | 'unknown' | 'unknown-well' | 'waiting';
export const SERVERS = ['ns1.host.example', 'ns2.host.example'];
export const name = (i: number): string => `c${String(i).padStart(4, '0')}.example`;

const OTHERS = Array.from({ length: 400 }, (_, i) =>
  result(`other${i}.example`, healthy, { zone: `other${i}.example`, nameServers: [`ns.other${i}.example`] }),
);

export class Estate {
  memory: AlertMemory = EMPTY_ALERT_MEMORY;
  policy: AlertPolicy = POLICY;
  controlFailed = false;
  readonly heard: { readonly ms: number; readonly telling: AlertTelling }[] = [];
  readonly findingOf: (i: number, ms: number) => Finding;
  readonly serversOf: (i: number) => readonly string[];

  constructor(
    findingOf: (i: number, ms: number) => Finding = () => finding(),
    serversOf: (i: number) => readonly string[] = () => SERVERS,
  ) {
    this.findingOf = findingOf;
    this.serversOf = serversOf;
  }

  results(states: readonly State[], ms: number): readonly IdentityResult[] {
    return states.flatMap((state, i): readonly IdentityResult[] => {
      if (state === 'deleted') return [];
      const one = this.findingOf(i, ms);
      const diagnosis =
        state === 'broken'
          ? broken(one)
          : state === 'worse'
            ? broken(one, finding('signing-disabled'))
            : state.startsWith('unknown')
              ? unknown()
              : healthy;
      const made = result(name(i), diagnosis, { zone: name(i), nameServers: this.serversOf(i), panel: state !== 'quick' });
      const status = state === 'waiting' ? 'TEMPORARY_FAILURE' : made.identity.ses.status;
      return [{ ...made, identity: { ...made.identity, ses: { ...made.identity.ses, status, readAt: at(ms) } } }];
    });
  }

  look(ms: number, states: readonly State[], crash?: 'before' | 'after'): readonly AlertTelling[] {
    const given = input([report([...this.results(states, ms), ...OTHERS])], {
      memory: this.memory,
      now: at(ms),
      policy: this.policy,
      controlFailed: this.controlFailed,
    });
    const plan = planAlerts(given);
    this.memory = plan.memoryBefore;
    if (crash === 'before') return [];
    for (const telling of plan.tellings) {
      this.heard.push({ ms, telling });
      renderTelling(telling, at(ms));
      if (crash === 'after') return plan.tellings;
      this.memory = applyTold(this.memory, telling, telling, at(ms));
    }
    return plan.tellings;
  }

  mute(...which: readonly number[]): void {
    this.policy = { ...POLICY, mute: which.map((i) => ({ identity: name(i), until: '2030-01-01T00:00:00.000Z' })) };
  }

  static introduced(...args: ConstructorParameters<typeof Estate>): Estate {
    const host = new Estate(...args);
    host.look(-HOUR, []);
    host.heard.length = 0;
    return host;
  }
}

export const states = (n: number, of: (i: number) => State): readonly State[] => Array.from({ length: n }, (_, i) => of(i));
export const events = (tellings: readonly AlertTelling[]): readonly string[] => tellings.map(({ event }) => event);
export const said = (tellings: readonly AlertTelling[], ms: number): readonly string[] =>
  tellings.map((one) => renderTelling(one, at(ms)).email.replace(/\s+/g, ' '));
export const subjects = (tellings: readonly AlertTelling[], ms: number): readonly string[] =>
  tellings.map((one) => renderTelling(one, at(ms)).subject);
