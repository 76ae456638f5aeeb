// Servers, outcomes and answers of DNS as short text for people. Everything that DNS supplied is made visible.
import type { DnsRecord, Lookup, Outcome, Server } from '../model/lookup.ts';
import { withoutPiecesIn } from '../model/private-keys.ts';
import { visible } from '../model/safe-text.ts';

/** `ns1.example.com (192.0.2.1)`, or the address alone. */
export function serverName(server: Server): string {
  return server.name === undefined ? visible(server.address, 60) : `${visible(server.name, 260)} (${visible(server.address, 60)})`;
}

/** One or two words for what came back. */
export function outcomeWords(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not asked';
  switch (outcome.kind) {
    case 'answer':
      return outcome.aa ? 'answer' : 'answer without authority';
    case 'absent':
      return outcome.how === 'nxdomain' ? 'NXDOMAIN' : 'NODATA';
    case 'lame':
      return { refused: 'REFUSED', 'not-authoritative': 'no authority', referral: 'referral elsewhere', 'foreign-soa': 'foreign SOA' }[
        outcome.how
      ];
    case 'broken':
      return { servfail: 'SERVFAIL', formerr: 'FORMERR', notimp: 'NOTIMP', malformed: 'malformed answer', 'other-rcode': 'error' }[
        outcome.how
      ];
    case 'silent':
      return { timeout: 'time-out', 'port-closed': 'port closed', 'tcp-failed': 'TCP failed', unreachable: 'unreachable' }[outcome.how];
    case 'not-asked':
      return { 'address-refused': 'address refused', 'out-of-time': 'out of time', 'server-dead': 'given up after time-outs' }[outcome.how];
  }
}

/** Records shown for one answer. */
const MAX_ANSWERS = 10;

/** The records of an answer, one text each; empty for anything else. */
export function answersOf(lookup: Lookup): readonly string[] {
  if (lookup.outcome.kind !== 'answer') return [];
  const records = lookup.outcome.records.slice(0, MAX_ANSWERS);
  // Before each is cut: what stands in one record may be the rest of the private key in another.
  const texts = withoutPiecesIn(records.map((record) => (record.type === 'TXT' ? record.strings.join('') : '')));
  const shown = records.map((record, i) => recordWords(record, texts[i] ?? ''));
  const more = lookup.outcome.records.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

/** `text` is what a TXT record holds, without private keys. */
function recordWords(record: DnsRecord, text: string): string {
  switch (record.type) {
    case 'CNAME':
    case 'NS':
      return `${record.type} ${visible(record.value, 260)}.`;
    case 'A':
      return `A ${visible(record.value, 60)}`;
    case 'MX':
      return `MX ${record.preference} ${visible(record.value, 260)}.`;
    case 'TXT':
      return `TXT "${visible(text, 500)}"`;
    case 'SOA':
      return `SOA ${visible(record.primary, 260)}. serial ${record.serial}`;
  }
}
