// Quoting for commands that people paste into a shell.

/** The text as one word of a POSIX shell: bare if harmless, else in single quotes. */
export function shellQuoted(text: string): string {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
