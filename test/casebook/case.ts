// What a case of the casebook is: something that happened, the scenarios that replay it, and the words that a reader must and must not get.

/** Checks of one scenario's words. Text is compared with line breaks and indentation folded to single spaces. */
export interface Told {
  readonly scenario: string;
  /** What the mails of its steps, or the findings of its last report, must say. */
  readonly says?: readonly (string | RegExp)[];
  /** What neither of them may say. */
  readonly never?: readonly (string | RegExp)[];
  /** How many mails the steps must bring in all. The first look at the estate is not counted. */
  readonly mails?: number;
  /** Names that no server may be asked about. */
  readonly neverAsks?: RegExp;
}

export interface Case {
  readonly number: number;
  readonly title: string;
  /** A public thread, or `own`. */
  readonly source: string;
  /** What must be told, in a sentence or two. */
  readonly must: string;
  readonly mustNot?: string;
  /** Names of scenarios. Each of them must, besides, be judged exactly as it expects. */
  readonly scenarios: readonly string[];
  readonly told?: readonly Told[];
}
