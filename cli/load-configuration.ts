// Finds and reads the configuration for the command, and lets flags override parts of it.
import { readFileSync } from 'node:fs';
import { type Configuration, type ConfigurationRead, DEFAULT_CONFIGURATION, parseConfigurationText } from '../lambda/configuration.ts';
import { type Parsed, parseRegion } from '../lambda/model/names.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { parseServerAddress } from '../lambda/server-address.ts';
import { UsageError } from './exit.ts';
import { fileCalled } from './hide-keys.ts';

export const CONFIG_FILE = 'monitor.config.json';

/** The DNS flags that `sweep` and `check` share, as commander gives them. */
export interface DnsFlags {
  readonly config?: string;
  readonly resolver?: readonly string[];
  readonly dnsPort?: string;
  readonly allowPrivateNameServers?: boolean;
}

export interface ConfigurationFile {
  readonly file: string;
  /** Absent: there is no file, and everything is at its default. */
  readonly text?: string;
  readonly read: ConfigurationRead;
}

/** The same with mistakes as values, flags not applied. Throws {@link UsageError} only if the named file cannot be read at all. */
export function readConfigurationFile(flags: DnsFlags): ConfigurationFile {
  const file = flags.config ?? CONFIG_FILE;
  const text = readText(file, flags.config !== undefined);
  if (text === undefined) return { file, read: { ok: true, value: DEFAULT_CONFIGURATION } };
  return { file, text, read: parseConfigurationText(text) };
}

/** The named file, or `monitor.config.json` where it exists, or the defaults. Throws {@link UsageError} with every mistake. */
export function loadConfiguration(flags: DnsFlags & { readonly region?: readonly string[] }): Configuration {
  const { file, read } = readConfigurationFile(flags);
  if (!read.ok) {
    throw new UsageError(
      `${visible(file)} has ${read.problems.length === 1 ? 'a mistake' : `${read.problems.length} mistakes`}:\n${read.problems.map((p) => `  ${p}`).join('\n')}`,
    );
  }
  const regions = (flags.region ?? []).map((region) => value(parseRegion(region)));
  return { ...read.value, ...(regions.length > 0 ? { regions } : {}), dns: overrideDns(read.value.dns, flags) };
}

export function overrideDns(dns: Configuration['dns'], flags: DnsFlags): Configuration['dns'] {
  const resolvers = (flags.resolver ?? []).map((resolver) => value(parseServerAddress(resolver)));
  return {
    ...dns,
    ...(resolvers.length > 0 ? { resolvers } : {}),
    ...(flags.dnsPort !== undefined ? { port: portOf(flags.dnsPort) } : {}),
    ...(flags.allowPrivateNameServers === true ? { allowPrivateNameServers: true } : {}),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new UsageError(`--dns-port takes a port number from 1 to 65535, not "${visible(text, 40)}".`);
}

/** The parsed value, or a usage error with the parser's own sentence. */
export function value<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new UsageError(parsed.problem);
  return parsed.value;
}

function readText(file: string, demanded: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !demanded) return undefined;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : code === 'EACCES'
            ? 'it may not be read'
            : String(code);
    throw new UsageError(`The configuration ${fileCalled(file)} cannot be read: ${why}.`);
  }
}
