// The data of one zone, and what it says about a name.
import type { RecordsAt, ZoneQuirks } from './dns-world.ts';
import {
  canonical,
  isWithin,
  parentOf,
  parseValue,
  type RecordSet,
  type RecordType,
  type RecordValue,
  type Soa,
  writeValue,
} from './records.ts';

interface Node {
  /** A Map only once there is something: most nodes of a large world hold one set or none. */
  sets: RecordSet[];
  /** Nodes directly below: a node with neither sets nor children is dropped, one with only children is an empty non-terminal. */
  children: number;
}

/** Where a name stands in a zone. */
export type Place =
  /** The name is at or below a delegation (`cut` is its owner). */
  | { readonly kind: 'cut'; readonly cut: string; readonly ns: RecordSet }
  /** The name exists, perhaps without records (empty non-terminal). `wildcard` if the records come from one. */
  | { readonly kind: 'node'; readonly sets: readonly RecordSet[]; readonly wildcard: boolean }
  | { readonly kind: 'nothing' };

export class Zone {
  readonly apex: string;
  soa: Soa;
  readonly ttl: number;
  quirks: ZoneQuirks = {};
  readonly #nodes = new Map<string, Node>();

  constructor(apex: string, soa: Soa, ttl: number) {
    this.apex = canonical(apex);
    this.soa = soa;
    this.ttl = ttl;
    this.#nodes.set(this.apex, { sets: [], children: 0 });
  }

  /** A relative name of a world literal as an absolute one: `@` is the apex, a final dot marks a name that is absolute already. */
  absolute(name: string): string {
    if (name === '@') return this.apex;
    if (name.endsWith('.')) return canonical(name);
    return this.apex === '' ? canonical(name) : `${canonical(name)}.${this.apex}`;
  }

  /** Replaces the records of one type at a name (absolute, canonical). No values: removes them. */
  set(name: string, type: RecordType, values: readonly RecordValue[], ttl = this.ttl): void {
    if (!isWithin(name, this.apex)) throw new Error(`${name} does not lie in the zone ${this.apex || '.'}`);
    const others = this.#nodes.get(name)?.sets.filter((set) => set.type !== type) ?? [];
    if (values.length === 0) {
      this.#put(name, others);
      return;
    }
    this.#put(name, [...others, { type, ttl, data: values.map((value) => parseValue(type, value)) }]);
  }

  /** Takes over sets made by another zone object, unless this one has its own of that type. */
  adopt(name: string, sets: readonly RecordSet[]): void {
    const own = this.#nodes.get(name)?.sets ?? [];
    this.#put(name, [...own, ...sets.filter((set) => !own.some((mine) => mine.type === set.type))]);
  }

  /** Removes everything at a name. */
  clear(name: string): void {
    this.#put(name, []);
  }

  get(name: string, type: RecordType): RecordSet | undefined {
    return this.#nodes.get(name)?.sets.find((set) => set.type === type);
  }

  /** What is at a name, as the values a world is written with. */
  values(name: string): RecordsAt {
    const found: Record<string, readonly RecordValue[]> = {};
    for (const set of this.#nodes.get(name)?.sets ?? []) found[set.type] = set.data.map(writeValue);
    return found;
  }

  /** Every name that has records, with them, apex first. */
  *entries(): Generator<readonly [string, readonly RecordSet[]]> {
    for (const [name, node] of this.#nodes) if (node.sets.length > 0) yield [name, node.sets];
  }

  /** A copy that changes on its own. */
  clone(): Zone {
    const copy = new Zone(this.apex, this.soa, this.ttl);
    copy.quirks = this.quirks;
    for (const [name, node] of this.#nodes) copy.#nodes.set(name, { sets: node.sets, children: node.children });
    return copy;
  }

  bumpSerial(): void {
    this.soa = { ...this.soa, serial: (this.soa.serial + 1) >>> 0 };
  }

  /** RFC 1034 §4.3.2 step 3 with wildcards as RFC 4592 explains them. `name` is canonical and lies in the zone. */
  find(name: string): Place {
    const cut = this.#cutAbove(name);
    if (cut !== undefined) return cut;
    const node = this.#nodes.get(name);
    if (node !== undefined) return { kind: 'node', sets: node.sets, wildcard: false };
    let encloser = parentOf(name);
    while (encloser !== undefined && !this.#nodes.has(encloser)) encloser = parentOf(encloser);
    const wildcard = this.#nodes.get(encloser === '' ? '*' : `*.${encloser}`);
    return wildcard === undefined ? { kind: 'nothing' } : { kind: 'node', sets: wildcard.sets, wildcard: true };
  }

  /** The topmost delegation at or above the name. */
  #cutAbove(name: string): Place | undefined {
    let found: Place | undefined;
    for (let at: string | undefined = name; at !== undefined && at !== this.apex; at = parentOf(at)) {
      const ns = this.#nodes.get(at)?.sets.find((set) => set.type === 'NS');
      if (ns !== undefined) found = { kind: 'cut', cut: at, ns };
    }
    return found;
  }

  #put(name: string, sets: RecordSet[]): void {
    const node = this.#nodes.get(name);
    if (node !== undefined) node.sets = sets;
    else if (sets.length > 0) this.#add(name, sets);
    this.#prune(name);
  }

  #add(name: string, sets: RecordSet[]): void {
    this.#nodes.set(name, { sets, children: 0 });
    for (let at = name; at !== this.apex; ) {
      const parent = parentOf(at) ?? '';
      const node = this.#nodes.get(parent);
      if (node !== undefined) {
        node.children += 1;
        return;
      }
      this.#nodes.set(parent, { sets: [], children: 1 });
      at = parent;
    }
  }

  #prune(name: string): void {
    for (let at = name; at !== this.apex; ) {
      const node = this.#nodes.get(at);
      if (node === undefined || node.sets.length > 0 || node.children > 0) return;
      this.#nodes.delete(at);
      at = parentOf(at) ?? '';
      const parent = this.#nodes.get(at);
      if (parent !== undefined) parent.children -= 1;
    }
  }
}
