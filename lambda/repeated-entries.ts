// Finds what stands twice in the lists of accounts of a configuration that cannot be read otherwise: whoever mends a list wants to hear of all of it at once.

/** An id as it is written; whatever else stands in the list is the matter of the parser. */
const ID = /^(\d{12}|(o|r|ou)-[0-9a-z-]{4,70})$/;

/** The lists by their place, as yet unread. */
const LISTS: readonly {
  readonly place: string;
  readonly part: string;
  readonly of: (value: unknown) => unknown;
  readonly id: (one: unknown) => unknown;
}[] = [
  { place: 'accounts', part: '.id', of: (value) => field(value, 'accounts'), id: (one) => field(one, 'id') },
  ...['include', 'exclude'].map((name) => ({
    place: `organization.${name}`,
    part: '',
    of: (value: unknown) => field(field(value, 'organization'), name),
    id: (one: unknown) => one,
  })),
];

/** Of an unread configuration, one sentence for each id that stands in its list twice, with the place of the list. */
export function repeatedEntries(value: unknown): readonly { readonly place: string; readonly problem: string }[] {
  return LISTS.flatMap(({ place, part, of, id }) => {
    const list = of(value);
    const ids = Array.isArray(list) ? list.map(id) : [];
    return ids.flatMap((one, i) =>
      typeof one === 'string' && ID.test(one) && ids.indexOf(one) < i
        ? [{ place, problem: `${place}[${i}]${part}: ${one} stands in the list twice.` }]
        : [],
    );
  });
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
