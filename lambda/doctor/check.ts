// One check of one link in one place, before it has words.
import type { Link, Place } from '../model/checkup.ts';
import type { Trouble } from './trouble.ts';

export interface Check {
  readonly link: Link;
  readonly place: Place;
  /** Absent: all is well. */
  readonly trouble?: Trouble;
  /** What was answered in this place, without secrets. */
  readonly detail?: string;
}

/** All is well. `detail` says what was seen, where that is of use. */
export function fine(link: Link, place: Place, detail?: string): Check {
  return { link, place, ...(detail === undefined ? {} : { detail }) };
}

export function amiss(link: Link, place: Place, trouble: Trouble, detail?: string): Check {
  return { link, place, trouble, ...(detail === undefined ? {} : { detail }) };
}
