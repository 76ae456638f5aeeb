// Fails any test that tries to reach something other than this machine: loaded before every test file.
import dgram from 'node:dgram';
import net from 'node:net';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host) || /^::ffff:127\./.test(host) || host.endsWith('.localhost');

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const first = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { host?: string; path?: string } | number | string;
  const host = typeof first === 'object' ? (first.host ?? 'localhost') : typeof args[1] === 'string' ? args[1] : 'localhost';
  if (!isLoopback(host)) throw new Error(`a test tried to connect to ${host}: tests only reach loopback`);
  return (connect as (...a: unknown[]) => net.Socket).apply(this, args);
} as typeof connect;

const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function guarded(this: dgram.Socket, ...args: unknown[]) {
  // send(msg, [offset, length,] port, address, callback): the address is the string after the message.
  const host = args.slice(1).find((a) => typeof a === 'string') as string | undefined;
  if (host !== undefined && !isLoopback(host)) throw new Error(`a test tried to send a packet to ${host}: tests only reach loopback`);
  return (send as (...a: unknown[]) => void).apply(this, args);
} as typeof send;
