// Asks the sandbox's servers with another codec than theirs: dns-packet, over UDP and TCP.
import dgram from 'node:dgram';
import net from 'node:net';
import dnsPacket, { type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import type { Where } from '../../sandbox/dns/sandbox-dns.ts';

export interface AskOptions {
  readonly tcp?: boolean;
  /** Size to advertise by EDNS; absent: no EDNS. */
  readonly edns?: number;
  readonly rd?: boolean;
  /** Checking disabled: the answer is wanted even if its signatures are broken. */
  readonly cd?: boolean;
  /** The asker wants to hear whether the answer was checked. */
  readonly ad?: boolean;
  readonly id?: number;
  readonly class?: 'IN' | 'CH';
  /** How long to wait for an answer, milliseconds. */
  readonly patienceMs?: number;
}

/** What came back, reduced to what tests look at. `silent`, or `closed` if the port refused. */
export interface Told {
  readonly rcode: string;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly ra: boolean;
  readonly ad: boolean;
  readonly id: number;
  readonly question: string;
  readonly answers: readonly string[];
  readonly authority: readonly string[];
  readonly additional: readonly string[];
  readonly edns: number | undefined;
  readonly size: number;
}

function packetOf(name: string, type: string, options: AskOptions): Buffer {
  return dnsPacket.encode({
    type: 'query',
    id: options.id ?? 4711,
    flags:
      (options.rd ? dnsPacket.RECURSION_DESIRED : 0) |
      (options.cd ? dnsPacket.CHECKING_DISABLED : 0) |
      (options.ad ? dnsPacket.AUTHENTIC_DATA : 0),
    questions: [{ name, type: type as RecordType, class: options.class ?? 'IN' }],
    additionals:
      options.edns === undefined
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: options.edns,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  });
}

/** The raw bytes of an answer; undefined after `patienceMs` of silence; throws what the socket throws. */
export function askRaw(where: Where | undefined, message: Buffer, options: AskOptions = {}): Promise<Buffer | undefined> {
  if (where === undefined) throw new Error('there is no route to that server');
  return options.tcp ? overTcp(where, message, options.patienceMs ?? 300) : overUdp(where, message, options.patienceMs ?? 300);
}

export async function ask(
  where: Where | undefined,
  name: string,
  type: string,
  options: AskOptions = {},
): Promise<Told | 'silent' | 'closed'> {
  try {
    const bytes = await askRaw(where, packetOf(name, type, options), options);
    return bytes === undefined ? 'silent' : told(bytes);
  } catch (error) {
    if (/ECONNREFUSED|ECONNRESET/.test(String((error as NodeJS.ErrnoException).code))) return 'closed';
    throw error;
  }
}

/** As {@link ask}, where an answer must come. */
export async function answerTo(where: Where | undefined, name: string, type: string, options: AskOptions = {}): Promise<Told> {
  const answer = await ask(where, name, type, { patienceMs: 2000, ...options });
  if (typeof answer === 'string') throw new Error(`no answer to ${name} ${type}: ${answer}`);
  return answer;
}

export function told(bytes: Buffer): Told {
  const packet = dnsPacket.decode(bytes) as DecodedPacket & { rcode: string };
  const opt = packet.additionals?.find((record) => record.type === 'OPT');
  const [question] = packet.questions ?? [];
  return {
    rcode: packet.rcode,
    aa: packet.flag_aa,
    tc: packet.flag_tc,
    ra: packet.flag_ra,
    ad: packet.flag_ad,
    id: packet.id ?? -1,
    question: question === undefined ? '' : `${question.name} ${question.type}`,
    answers: (packet.answers ?? []).map(line),
    authority: (packet.authorities ?? []).map(line),
    additional: (packet.additionals ?? []).filter((record) => record.type !== 'OPT').map(line),
    edns: opt?.type === 'OPT' ? opt.udpPayloadSize : undefined,
    size: bytes.length,
  };
}

function line(record: Answer): string {
  const data = (record as { data: unknown }).data;
  const text = Array.isArray(data)
    ? data.map((part) => `"${Buffer.from(part as Buffer).toString('latin1')}"`).join(' ')
    : typeof data === 'object' && data !== null && 'mname' in data
      ? `${String(data.mname)} ${String((data as unknown as { serial: number }).serial)}`
      : typeof data === 'object' && data !== null && 'exchange' in data
        ? `${String((data as unknown as { preference: number }).preference)} ${String(data.exchange)}`
        : String(data);
  return `${record.name} ${record.type} ${text}`;
}

function overUdp(where: Where, message: Buffer, patienceMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket('udp4');
    const done = (bytes: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(bytes);
    };
    const timer = setTimeout(() => done(undefined), patienceMs);
    socket.on('error', (error) => {
      clearTimeout(timer);
      socket.close();
      reject(error);
    });
    socket.on('message', done);
    // Only a connected socket hears that the port is closed.
    socket.connect(where.port, where.address, () => socket.send(message));
  });
}

function overTcp(where: Where, message: Buffer, patienceMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(where.port, where.address);
    let received = Buffer.alloc(0);
    const done = (bytes: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(bytes);
    };
    const timer = setTimeout(() => done(undefined), patienceMs);
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.on('close', () => done(undefined));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) done(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    socket.write(Buffer.concat([length, message]));
  });
}
