// What goes wrong in a long run, by chance: incidents that people must hear of, and noise that they must not.
import type { Random } from '../diagnosis/random.ts';
import { DAY, HOUR, MINUTE, recordNames, type Sender, type SoakWorld, START, TARGETS } from './world.ts';

/** Something that people must hear of. */
export interface Incident {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  /** As alerts name them: `account/region/identity`, or `account/region`. */
  readonly who: readonly string[];
  /** True if only SES can tell it, which is read once an hour. */
  readonly bySes: boolean;
  /** DNS hosts of those hit; empty for a target. */
  readonly hosts: readonly number[];
}

export interface Happening {
  readonly at: number;
  readonly run: (world: SoakWorld) => void;
}

/** A span in which the monitor itself could not hear, remember or speak: what is late because of it is counted apart. */
export interface Outage {
  readonly from: number;
  readonly to: number;
  /** The DNS host that was silent; absent if it concerned everybody. */
  readonly host?: number;
}

export interface Schedule {
  readonly incidents: readonly Incident[];
  readonly happenings: readonly Happening[];
  readonly outages: readonly Outage[];
}

const nameOf = ({ target, name }: Sender): string => `${target.account}/${target.region}/${name}`;

/** Plans `days` of incidents, noise and outages. No identity has two incidents within two days of each other, so that each can be told apart. */
export function schedule(world: SoakWorld, days: number, random: Random): Schedule {
  const incidents: Incident[] = [];
  const happenings: Happening[] = [];
  const outages: Outage[] = [];
  const end = START + days * DAY;
  const busy = new Map<string, number>();
  const isFree = (who: string, from: number): boolean => (busy.get(who) ?? 0) + 2 * DAY < from;
  const at = (when: number, run: Happening['run']): void => void happenings.push({ at: when, run });
  /** From some minutes to several days, small ones more often. */
  const lasting = (least: number, most: number): number => Math.round(least * (most / least) ** (random.int(1000) / 1000));

  const happen = (
    kind: string,
    from: number,
    ms: number,
    senders: readonly Sender[],
    begin: Happening['run'],
    over: Happening['run'],
  ): void => {
    const free = senders.filter((sender) => isFree(nameOf(sender), from));
    if (free.length < senders.length) return;
    for (const sender of senders) busy.set(nameOf(sender), from + ms);
    incidents.push({
      kind,
      from,
      to: from + ms,
      who: senders.map(nameOf),
      hosts: [...new Set(senders.map(({ host }) => host))],
      bySes: kind.startsWith('signing'),
    });
    at(from, begin);
    at(from + ms, over);
  };
  const restore = (senders: readonly Sender[]) => (w: SoakWorld) => {
    for (const sender of senders) {
      w.publish(sender);
      w.restart(sender);
    }
  };

  for (let day = START + DAY / 2; day < end - 12 * HOUR; day += DAY) {
    const moment = (): number => day + random.int(24 * 60) * MINUTE;
    for (let n = random.int(4); n > 0; n -= 1) {
      const sender = random.pick(world.senders);
      const lost = random.shuffled(recordNames(sender)).slice(0, 1 + random.int(3));
      happen(
        'record lost',
        moment(),
        lasting(HOUR, 8 * DAY),
        [sender],
        (w) => void lost.map((name) => w.cnames.delete(name)),
        restore([sender]),
      );
    }
    if (random.chance(0.3)) {
      const sender = random.pick(world.senders);
      const [name = ''] = recordNames(sender);
      happen(
        'wrong target',
        moment(),
        lasting(HOUR, 3 * DAY),
        [sender],
        (w) => void w.cnames.set(name, 'typo.dkim.amazonses.com'),
        restore([sender]),
      );
    }
    if (random.chance(0.2)) {
      const sender = random.pick(world.senders);
      happen(
        'signing switched off',
        moment(),
        lasting(2 * HOUR, 2 * DAY),
        [sender],
        (_) => {
          sender.signing = false;
        },
        (_) => {
          sender.signing = true;
        },
      );
    }
    if (random.chance(0.15)) {
      const host = random.int(12);
      const senders = world.senders.filter((sender) => sender.host === host && isFree(nameOf(sender), day));
      const from = moment();
      happen(
        'host lost its zones',
        from,
        lasting(2 * HOUR, 30 * HOUR),
        senders.filter((sender) => isFree(nameOf(sender), from)),
        (w) => {
          for (const sender of senders) for (const name of recordNames(sender)) w.cnames.delete(name);
        },
        restore(senders),
      );
    }
    if (random.chance(0.15)) flap(moment());
    if (random.chance(0.08)) {
      const target = random.pick(TARGETS);
      const key = `${target.account}/${target.region}`;
      const from = moment();
      const ms = lasting(2 * HOUR, 2 * DAY);
      if (isFree(key, from)) {
        busy.set(key, from + ms);
        incidents.push({ kind: 'target refuses', from, to: from + ms, who: [key], hosts: [], bySes: true });
        at(from, (w) => void w.refused.add(key));
        at(from + ms, (w) => void w.refused.delete(key));
      }
    }
    noise(moment);
  }

  // A record that comes and goes for some hours is one incident.
  function flap(from: number): void {
    const sender = random.pick(world.senders);
    const swings = 3 + random.int(6);
    const pause = (20 + random.int(40)) * MINUTE;
    const [name = ''] = recordNames(sender);
    happen('flapping', from, swings * 2 * pause, [sender], (w) => void w.cnames.delete(name), restore([sender]));
    if (incidents.at(-1)?.from !== from) return;
    for (let k = 1; k < swings * 2; k += 1) at(from + k * pause, (w) => (k % 2 === 0 ? void w.cnames.delete(name) : w.publish(sender)));
  }

  function noise(moment: () => number): void {
    const switchFor = (chance: number, ms: number, on: Happening['run'], off: Happening['run'], of?: number): void => {
      if (!random.chance(chance)) return;
      const from = moment();
      at(from, on);
      at(from + ms, off);
      outages.push({ from, to: from + ms, ...(of === undefined ? {} : { host: of }) });
    };
    const host = random.int(12);
    switchFor(
      0.3,
      (5 + random.int(25)) * MINUTE,
      (w) => void w.silentHosts.add(host),
      (w) => void w.silentHosts.delete(host),
      host,
    );
    switchFor(
      0.3,
      (5 + random.int(25)) * MINUTE,
      (w) => void w.halfSilentHosts.add(host),
      (w) => void w.halfSilentHosts.delete(host),
      host,
    );
    switchFor(
      0.2,
      (5 + random.int(120)) * MINUTE,
      (w) => {
        w.resolversFail = true;
      },
      (w) => {
        w.resolversFail = false;
      },
    );
    switchFor(
      0.2,
      HOUR,
      (w) => {
        w.snsDown = true;
      },
      (w) => {
        w.snsDown = false;
      },
    );
    switchFor(
      0.2,
      2 * HOUR,
      (w) => {
        w.snsHalf = true;
      },
      (w) => {
        w.snsHalf = false;
      },
    );
    switchFor(
      0.15,
      (10 + random.int(50)) * MINUTE,
      (w) => {
        w.memoryDown = true;
      },
      (w) => {
        w.memoryDown = false;
      },
    );
    for (let n = random.int(4); n > 0; n -= 1) {
      const from = moment();
      const step = 1 + random.int(30);
      at(from, (w) => {
        w.killAt = step;
      });
      outages.push({ from, to: from + 30 * MINUTE });
    }
    if (random.chance(0.05)) {
      const sender = random.pick(world.senders);
      const from = moment();
      if (isFree(nameOf(sender), from)) {
        busy.set(nameOf(sender), Number.POSITIVE_INFINITY);
        at(from, (_) => {
          sender.deleted = true;
        });
      }
    }
  }

  return { incidents, happenings: happenings.sort((a, b) => a.at - b.at), outages };
}
