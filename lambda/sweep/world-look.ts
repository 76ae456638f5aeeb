// When the resolvers are asked about an identity that its own servers show right: once or twice a day, and at first sight.
import type { Examinee, ExamineWorld } from './examine.ts';
import { partOf } from './spread.ts';

const HALF_DAY_MS = 12 * 3_600_000;
/** At first sight so many are looked at through the resolvers in one sweep, however many there are. */
const FIRST_LOOKS = 1000;

/** Milliseconds between two looks through the resolvers at one identity: half a day to a whole one, each in its own time. */
export const worldLookEveryMs = (key: string): number => HALF_DAY_MS + partOf(HALF_DAY_MS, key);

/**
 * Whether the resolvers are to be asked about an identity now: when its time has come, and at first sight. Where thousands are seen for the first time, some
 * sweeps share them: the resolvers have to find all the delegations as well, and would set the time of the first sweep.
 */
export function worldAsks(count: number, { clock, firstLookShare = 1 }: ExamineWorld) {
  let firstLooks = Math.max(FIRST_LOOKS, Math.ceil(count * firstLookShare));
  let asked = 0;
  const isDue = ({ key, history }: Examinee): boolean => {
    const at = history?.worldAskedAt;
    if (at !== undefined) return clock() - Date.parse(at) >= worldLookEveryMs(key);
    firstLooks -= 1;
    return firstLooks >= 0;
  };
  return {
    /** To be called once for each identity that the resolvers may be asked about. */
    due: (examinee: Examinee): boolean => {
      const due = isDue(examinee);
      if (due) asked += 1;
      return due;
    },
    /** How many were due. */
    asked: () => asked,
  };
}
