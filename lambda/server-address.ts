// Reads a DNS server's address as it is typed: an IPv4 address, with a port where it is not 53.
import { isIPv4 } from 'node:net';
import { type Parsed, quoted } from './model/names.ts';

export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** `1.1.1.1` or `127.0.0.1:5353`. IPv6 is not offered: Lambda has no IPv6 route by default. */
export function parseServerAddress(text: string): Parsed<ServerAddress> {
  const [address = '', port = '53', ...rest] = text.trim().split(':');
  const number = Number(port);
  if (rest.length === 0 && isIPv4(address) && /^\d{1,5}$/.test(port) && number >= 1 && number <= 65535)
    return { ok: true, value: { address, port: number } };
  return {
    ok: false,
    problem: `${quoted(text)} is not a server address: write an IPv4 address, and a port where it is not 53, such as "1.1.1.1" or "127.0.0.1:5353".`,
  };
}
