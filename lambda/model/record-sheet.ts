// The records that DNS must hold for one identity, in the forms that people paste: what `dkim-monitor records` prints.
import type { DkimMethod, SesStatus } from './identity.ts';
import type { RecordForms } from './report.ts';

/** A contract as JSON: add fields, never rename or drop them. Made of parsed, expected values only; every sentence is safe to show. */
export interface RecordSheet {
  readonly identity: string;
  /** The zone that holds the records; without it names cannot be given relative to it. */
  readonly zone?: string;
  /** Why there is no zone, as a sentence. */
  readonly zoneUnknown?: string;
  /** One for each place that was asked, in the order asked. */
  readonly places: readonly SheetPlace[];
  /** The records of all places together, each once; none of them if no place has any. */
  readonly all: RecordForms;
}

/** What one account and region expects. Without account and region: what the user gave. */
export interface SheetPlace {
  readonly account?: string;
  readonly region?: string;
  readonly method?: DkimMethod;
  readonly status?: SesStatus;
  /** Of a replica: where its parent, whose records these are, lives. */
  readonly parentRegion?: string;
  /** What must be known before pasting. Lines after the first of a note are commands, to be shown as they stand. */
  readonly notes: readonly string[];
  /** Absent if there are none to publish, or they cannot be known: `problem` says why, as a note does. */
  readonly forms?: RecordForms;
  readonly problem?: string;
  /** Why there are none. `nothing` is an answer; the others mean that nobody knows. */
  readonly why?: 'nothing' | 'no-identity' | 'not-read' | 'unknowable';
}
