// A DNS message as values: what a query asks and what an answer says (RFC 1035 §4, EDNS0 of RFC 6891).
import type { RecordData } from './records.ts';

export interface Query {
  readonly id: number;
  readonly opcode: number;
  readonly rd: boolean;
  readonly cd: boolean;
  /** The asker wants to hear of AD (RFC 6840 §5.7). */
  readonly ad?: boolean;
  readonly questions: number;
  /** As asked, case kept. Dots and backslashes inside labels are escaped with a backslash. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly edns?: { readonly size: number; readonly version: number; readonly flags: number };
}

export type Rcode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED' | 'BADVERS';

export const RCODES: Readonly<Record<Rcode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
};

export interface WireRecord {
  readonly name: string;
  readonly ttl: number;
  readonly data: RecordData;
}

/** What a server says, before it is bytes. */
export interface Answer {
  readonly rcode: Rcode;
  readonly aa: boolean;
  readonly ra?: boolean;
  readonly tc?: boolean;
  /** Checked by DNSSEC; written only for who asks to hear of it. */
  readonly ad?: boolean;
  readonly answers: readonly WireRecord[];
  readonly authority: readonly WireRecord[];
  readonly additional: readonly WireRecord[];
}

/** UDP payload the sandbox's servers advertise and never exceed (DNS flag day 2020). */
export const SERVER_UDP_SIZE = 1232;
