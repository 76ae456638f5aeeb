// The part of the Logs Insights language that the queries of lib/ use, over lines as the function logs them; whatever else stands in a query is refused.

export type LogLine = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, unknown>>;

/** Lines of a log, as Lambda keeps them: those that are JSON, each with the time it was written. */
export function readLog(log: string): readonly LogLine[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const fields = JSON.parse(line) as LogLine;
      return { ...fields, '@timestamp': fields.timestamp, '@message': line };
    });
}

/** Runs a query. Throws, with the part concerned, for syntax that it does not know. */
export function ask(query: string, lines: readonly LogLine[]): readonly Row[] {
  return commandsOf(query).reduce<readonly Row[]>((rows, [verb, rest]) => {
    switch (verb) {
      case 'filter':
        return rows.filter(condition(rest));
      case 'fields':
        // It chooses what is shown; what follows still sees every field.
        return rows;
      case 'stats':
        return stats(rest, rows);
      case 'sort':
        return sorted(rest, rows);
      case 'limit':
        return rows.slice(0, Number(rest));
      default:
        throw new Error(`unknown command: ${verb} ${rest}`);
    }
  }, lines);
}

/** Every field that a query takes from the log, those that it makes itself left out. */
export function fieldsOf(query: string): readonly string[] {
  const made = new Set([...query.matchAll(/\bas (\w+)/g)].map((match) => match[1] ?? ''));
  const used = commandsOf(query).flatMap(([verb, rest]) => {
    if (verb === 'limit') return [];
    const bare = rest
      .replace(/"[^"]*"/g, '')
      .replace(/\bas \w+/g, '')
      .replace('bin(5m)', '');
    return [...bare.matchAll(/@?[A-Za-z][\w.]*/g)].map(([word]) => word).filter((word) => !KEYWORDS.has(word));
  });
  return [...new Set(used)].filter((name) => !made.has(name));
}

const KEYWORDS = new Set(['in', 'and', 'or', 'like', 'by', 'asc', 'desc', 'ispresent', 'count', 'sum', 'min', 'max', 'latest']);

function commandsOf(query: string): readonly (readonly [string, string])[] {
  const text = query.replace(/^#.*\n/gm, '').replace(/\n/g, ' ');
  return text.split(/\s*\|\s*/).map((command) => {
    const [, verb = '', rest = ''] = /^\s*(\w+)\s+(.*?)\s*$/.exec(command) ?? [];
    return [verb, rest];
  });
}

const names = (list: string): readonly string[] => list.split(/\s*,\s*/);

/** A field by its path, as Logs Insights discovers it in JSON. */
function fieldOf(row: Row, name: string): unknown {
  if (name === 'bin(5m)') return Math.floor(Date.parse(String(row['@timestamp'])) / 300_000);
  if (name in row) return row[name];
  return name.split('.').reduce<unknown>((value, part) => (value as Row | undefined)?.[part], row);
}

/** `and` binds closer than `or`; brackets hold one of either. */
function condition(text: string): (row: Row) => boolean {
  const any = splitOutside(text, ' or ');
  if (any.length > 1) return (row) => any.some((part) => condition(part)(row));
  const all = splitOutside(text, ' and ');
  if (all.length > 1) return (row) => all.every((part) => condition(part)(row));
  if (/^\(.*\)$/.test(text)) return condition(text.slice(1, -1));
  const present = /^ispresent\(([\w.]+)\)$/.exec(text);
  if (present) return (row) => fieldOf(row, present[1] ?? '') !== undefined;
  const [, name = '', operator = '', operand = ''] = /^([\w.@]+) (=|>|in|like) (.+)$/.exec(text) ?? [];
  const wanted = operator === '' ? undefined : (JSON.parse(operand) as unknown);
  switch (operator) {
    case '=':
      return (row) => fieldOf(row, name) === wanted;
    case '>':
      return (row) => Number(fieldOf(row, name)) > Number(wanted);
    case 'in':
      return (row) => (wanted as readonly unknown[]).includes(fieldOf(row, name));
    case 'like':
      return (row) => String(fieldOf(row, name) ?? '').includes(String(wanted));
    default:
      throw new Error(`unknown condition: ${text}`);
  }
}

function splitOutside(text: string, by: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(' || text[at] === '[') depth += 1;
    if (text[at] === ')' || text[at] === ']') depth -= 1;
    if (depth === 0 && text.startsWith(by, at)) {
      parts.push(text.slice(from, at));
      from = at + by.length;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim());
}

function stats(text: string, rows: readonly Row[]): readonly Row[] {
  const [, made = '', by = ''] = /^(.*) by (.*)$/.exec(text) ?? [];
  const groups = grouped(rows, (row) => JSON.stringify(names(by).map((name) => fieldOf(row, name))));
  return [...groups.values()].map((group) => ({
    ...Object.fromEntries(names(by).map((name) => [name, fieldOf(group[0] as Row, name)])),
    ...Object.fromEntries(
      names(made).map((one) => {
        const [, how = '', name = '', as = ''] = /^(\w+)\(([\w.@*]+)\) as (\w+)$/.exec(one) ?? [];
        return [as, aggregate(how, name, group)];
      }),
    ),
  }));
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function aggregate(how: string, name: string, group: readonly Row[]): unknown {
  const values = group.map((row) => fieldOf(row, name)).filter((value) => value !== undefined);
  const byTime = [...group].sort((a, b) => (String(a['@timestamp']) < String(b['@timestamp']) ? -1 : 1));
  const compared = [...values].sort((a, b) => ((a as number) < (b as number) ? -1 : 1));
  switch (how) {
    case 'count':
      return group.length;
    case 'sum':
      return values.reduce<number>((sum, value) => sum + Number(value), 0);
    case 'min':
      return compared[0];
    case 'max':
      return compared.at(-1);
    case 'latest':
      return byTime.map((row) => fieldOf(row, name)).findLast((value) => value !== undefined);
    default:
      throw new Error(`unknown function: ${how}(${name})`);
  }
}

function sorted(text: string, rows: readonly Row[]): readonly Row[] {
  const orders = names(text).map((part) => part.split(' '));
  return [...rows].sort((a, b) => {
    for (const [name = '', order] of orders) {
      const [left, right] = [fieldOf(a, name) as number, fieldOf(b, name) as number];
      if (left !== right) return (left < right ? -1 : 1) * (order === 'desc' ? -1 : 1);
    }
    return 0;
  });
}
