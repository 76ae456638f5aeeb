// What is to be checked.

import type { Target } from '../model/identity.ts';
import type { AccountId } from '../model/names.ts';
import type { EstateFailure } from '../sweep/ports.ts';
import type { MemberRole } from './trouble.ts';

/** One topic that messages go to. */
export interface PlannedTopic {
  readonly topicArn: string;
  /** Deployed with the monitor. */
  readonly ours: boolean;
  /** Somebody is meant to be subscribed: false where a bus alone is told. */
  readonly listenersWanted: boolean;
}

/** Whether an account said which of its regions are switched on. */
export interface RegionsTold {
  readonly account: AccountId;
  /** Absent: there was no time to ask. */
  readonly answer?: { readonly kind: 'read' } | EstateFailure;
}

export interface DoctorPlan {
  /** Mistakes of the configuration; then nothing that depends on it is looked at. */
  readonly problems: readonly string[];
  readonly configurationHash?: string;
  /** Which configuration it is, as it is shown. */
  readonly configurationName: string;
  readonly targets: readonly Target[];
  /** Why it is not known what is watched. */
  readonly blind?: string;
  /** What of naming the accounts makes each sweep fail, sentences. */
  readonly troubles: readonly string[];
  /** What of it may be a mistake and harms nothing, sentences. */
  readonly remarks: readonly string[];
  /** Accounts that are left out since they are not active, with their state. */
  readonly skipped: readonly string[];
  /** Of each account, where AWS was asked for its regions. */
  readonly regions: readonly RegionsTold[];
  /** What the targets were narrowed down to, where they were. */
  readonly asked: { readonly accounts: readonly string[]; readonly regions: readonly string[] };
  readonly regionMayBeOff: boolean;
  readonly roleOf: (account: string) => Omit<MemberRole, 'hub'>;
  readonly home?: { readonly account: string; readonly region: string };
  readonly bucket?: string;
  readonly topics: readonly PlannedTopic[];
  /** False: which the main topic is, is not known. */
  readonly mainTopicKnown: boolean;
  readonly bus?: string;
  readonly heartbeat: 'configured' | 'not-configured' | 'not-asked';
  readonly scheduleMinutes: number;
  /** Minutes that the longest sweep may take. */
  readonly longestMinutes: number;
  readonly functionName: string;
  /** Whose rights are tried: those of the deployed function, or of whoever runs the command. */
  readonly rights: 'function' | 'caller';
  /** ms since the epoch: what was not looked at by then is left. */
  readonly until: number;
}
