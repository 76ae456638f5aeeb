// The names that the stack and the function share, so that a renamed variable breaks the build and not the night.

/** Environment variables of the function. The AWS ones are the SDK's own. */
export const ENVIRONMENT = {
  /** Bucket that holds the memory. */
  bucket: 'MONITOR_BUCKET',
  /** Topic that alerts go to. */
  topicArn: 'MONITOR_TOPIC_ARN',
  /** File name of the configuration, beside the bundle. */
  configFile: 'MONITOR_CONFIG_FILE',
} as const;

/** File name of the configuration in the bundle. */
export const CONFIG_FILE_IN_BUNDLE = 'monitor.config.json';

/** File name, beside it, of what the parser made of it when the function was bundled. */
export const CHECKED_CONFIG_FILE = 'monitor.config.checked';

/** The function has a fixed name too: one monitor an account and region. */
export const FUNCTION_NAME = 'ses-dkim-monitor';

/** The monitor's own role has a fixed name, so that member roles can name it and survive its re-creation. */
export const MONITOR_ROLE_NAME = 'ses-dkim-monitor';

/** Role that is assumed in other accounts, unless configured otherwise. */
export const MEMBER_ROLE_NAME = 'ses-dkim-monitor-read';

/** Stack that makes this role in an account, and the StackSet that makes it in all of them. */
export const MEMBER_STACK_NAME = 'ses-dkim-monitor-member';

/** Bus that other accounts and regions forward events to: a fixed name, so that they can name it. */
export const EVENT_BUS_NAME = 'ses-dkim-monitor-events';

/** Session name and source identity of assumed roles: what CloudTrail shows. */
export const SESSION_NAME = 'ses-dkim-monitor';

/** The function's time limit in seconds, and its memory in MiB. */
export const FUNCTION_TIMEOUT_SECONDS = 900;
export const FUNCTION_MEMORY_MIB = 768;

/** With `"scale": "step-functions"`: memory of the function in MiB. Most of its time is waiting, and is paid for by memory; concluding a million identities takes some 120 (docs/performance.md). */
export const STEPS_MEMORY_MIB = 1024;

/** How an estate is cut into pieces for Step Functions (docs/large-estates.md says why). */
export const STEPS_CUT = {
  partIdentities: 2_000,
  pieceIdentities: 2_000,
  pieceTargets: 50,
  pieceUncounted: 5,
  itemsAtOnce: 8,
  partsAtOnce: 1,
} as const;

/** The pieces of a run may ask for so long; what is left is unknown, and concluded all the same. */
export const RUN_ASK_SECONDS = 1_800;

/** A run that is not over by then is stopped. Its asking, one function that began at its very end, the conclusion, and time to try again. */
export const RUN_TIMEOUT_SECONDS = 4_500;

/** The rest of a sweep becomes unknown this long before the function's time limit. */
export const RESERVE_MS = 90_000;

/** Questions under way at that moment may take this much longer. */
export const GRACE_MS = 8_000;
