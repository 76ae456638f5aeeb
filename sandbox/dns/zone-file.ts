// A zone as a master file (RFC 1035 §5), so that another server can load the same data.
import type { RecordData, RecordSet } from './records.ts';
import type { Zone } from './zone.ts';

/** The whole zone, glue included, every name absolute. */
export function writeZoneFile(zone: Zone): string {
  const { soa } = zone;
  const numbers = [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum].join(' ');
  const lines = [`${dotted(zone.apex)} ${zone.ttl} IN SOA ${dotted(soa.primary)} ${dotted(soa.admin)} ${numbers}`];
  for (const [name, sets] of zone.entries()) for (const set of sets) lines.push(...linesOf(name, set));
  return `${lines.join('\n')}\n`;
}

function linesOf(name: string, set: RecordSet): readonly string[] {
  return set.data.map((data) => `${dotted(name)} ${set.ttl} IN ${data.type} ${valueText(data)}`);
}

function valueText(data: RecordData): string {
  switch (data.type) {
    case 'A':
    case 'AAAA':
      return data.address;
    case 'NS':
    case 'CNAME':
      return dotted(data.target);
    case 'MX':
      return `${data.preference} ${dotted(data.target)}`;
    case 'TXT':
      return data.strings.map(quoted).join(' ');
    case 'SOA':
      throw new Error('a zone writes its SOA itself');
    default:
      return `\\# ${data.bytes.length} ${data.bytes.toString('hex')}`;
  }
}

const dotted = (name: string): string => (name === '' ? '.' : `${escaped(name)}.`);

const decimal = (c: string): string => `\\${c.charCodeAt(0).toString().padStart(3, '0')}`;

/** Bytes outside plain ASCII as `\DDD`. */
const escaped = (name: string): string => name.replace(/[^!-~]|["();$@]/g, decimal);

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/[^ -~]/g, decimal)}"`;
