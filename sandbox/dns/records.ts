// The resource records the sandbox's DNS knows, as values.

/** The types with a typed form. Any other type is written `TYPE<number>` with its data in hexadecimal (RFC 3597). */
export type RecordType = 'A' | 'AAAA' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | `TYPE${number}`;

export interface Soa {
  readonly primary: string;
  readonly admin: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** TTL of negative answers (RFC 2308), seconds. */
  readonly minimum: number;
}

export type RecordData =
  /** A name: absolute, without final dot; the root is ''. */
  | { readonly type: 'NS' | 'CNAME'; readonly target: string }
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  /** Character-strings as latin1 text, one character a byte. */
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'MX'; readonly preference: number; readonly target: string }
  | { readonly type: 'SOA'; readonly soa: Soa }
  | { readonly type: `TYPE${number}`; readonly bytes: Buffer };

/** All records of one type at one name. */
export interface RecordSet {
  readonly type: RecordType;
  readonly ttl: number;
  readonly data: readonly RecordData[];
}

/** One value as a world writes it: text (`10 mail.example.com` for MX); for TXT also the list of its character-strings. */
export type RecordValue = string | readonly string[];

const NUMBERS: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, OPT: 41, ANY: 255 };
const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name]));

/** The number of a type on the wire (RFC 1035 §3.2.2, RFC 3597 for `TYPE<n>`). Throws for a type nobody knows. */
export function typeNumber(type: string): number {
  const number = NUMBERS[type] ?? (/^TYPE\d+$/.test(type) ? Number(type.slice(4)) : Number.NaN);
  if (!(number > 0 && number < 65536)) throw new Error(`${type} is not a record type the sandbox knows`);
  return number;
}

/** The mnemonic of a type, `TYPE<n>` for those without a typed form here. */
export function typeName(number: number): string {
  return NAMES.get(number) ?? `TYPE${number}`;
}

/** The name as a key: lower case (ASCII only, RFC 4343), without final dot. */
export function canonical(name: string): string {
  const lower = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return lower.endsWith('.') && !lower.endsWith('\\.') ? lower.slice(0, -1) : lower;
}

/** The name without its first label; undefined at the root. */
export function parentOf(name: string): string | undefined {
  if (name === '') return undefined;
  let dot = name.indexOf('.');
  while (dot > 0 && name[dot - 1] === '\\') dot = name.indexOf('.', dot + 1);
  return dot === -1 ? '' : name.slice(dot + 1);
}

/** `name` is `ancestor` or lies below it; both canonical. */
export function isWithin(name: string, ancestor: string): boolean {
  return ancestor === '' || name === ancestor || name.endsWith(`.${ancestor}`);
}

/** Reads a world's value. Text of a TXT record is cut into character-strings of 255 bytes. Throws for nonsense: a world's author should see it at once. */
export function parseValue(type: RecordType, value: RecordValue): RecordData {
  if (typeof value !== 'string' && type !== 'TXT') throw new Error(`only TXT takes a list of strings, not ${type}`);
  switch (type) {
    case 'A':
    case 'AAAA':
      return { type, address: value as string };
    case 'NS':
    case 'CNAME':
      return { type, target: stripDot(value as string) };
    case 'MX': {
      const [preference = '', target = ''] = (value as string).split(' ');
      return { type, preference: Number(preference), target: stripDot(target) };
    }
    case 'TXT': {
      const strings = typeof value === 'string' ? (value.match(/.{1,255}/gs) ?? ['']) : value;
      if (strings.some((s) => s.length > 255)) throw new Error('a character-string has at most 255 bytes');
      return { type, strings };
    }
    case 'SOA':
      throw new Error('give a zone its SOA by its own field');
    default:
      return { type, bytes: Buffer.from(value as string, 'hex') };
  }
}

/** The value that {@link parseValue} reads back as this record. */
export function writeValue(data: RecordData): RecordValue {
  switch (data.type) {
    case 'A':
    case 'AAAA':
      return data.address;
    case 'NS':
    case 'CNAME':
      return data.target;
    case 'MX':
      return `${data.preference} ${data.target}`;
    case 'TXT':
      return data.strings;
    case 'SOA':
      throw new Error('a zone has its SOA by its own field');
    default:
      return data.bytes.toString('hex');
  }
}

function stripDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
