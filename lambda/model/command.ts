// How texts name this project's command: as it runs in a fresh clone, without being installed anywhere else.

/** Before the name of a sub-command. */
export const COMMAND = 'npx dkim-monitor';
