// Judges whether a subscription's filter policy lets a message through: the simple forms, and never a guess about the others.

export interface Attribute {
  readonly DataType: string;
  readonly StringValue: string;
}

export type Passing = { readonly kind: 'passes' } | { readonly kind: 'stopped'; readonly by: string } | { readonly kind: 'not-simple' };

type Match = 'yes' | 'no' | 'not-simple';

/**
 * `policy` is the JSON text of an attribute-based filter policy; all its names must match, each by any of its rules.
 * Judged are texts, `prefix`, `suffix`, `equals-ignore-case`, `anything-but` with texts or a prefix, and `exists`.
 * An attribute of several values (`String.Array`) matches by any of them. Source: Amazon SNS Developer Guide, "Subscription filter policies".
 */
export function passesFilter(policy: string, attributes: Readonly<Record<string, Attribute>>): Passing {
  const read = objectOf(policy);
  if (read === undefined) return { kind: 'not-simple' };
  const matches = Object.entries(read).map(([name, rules]) => ({ name, match: matchOf(rules, valuesOf(attributes, name)) }));
  const stopped = matches.find(({ match }) => match === 'no');
  if (stopped !== undefined) return { kind: 'stopped', by: stopped.name };
  return matches.some(({ match }) => match === 'not-simple') ? { kind: 'not-simple' } : { kind: 'passes' };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined if the message has no such attribute. */
function valuesOf(attributes: Readonly<Record<string, Attribute>>, name: string): readonly string[] | undefined {
  const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (attribute === undefined) return undefined;
  if (attribute.DataType !== 'String.Array') return [attribute.StringValue];
  const items: unknown = JSON.parse(attribute.StringValue);
  return Array.isArray(items) ? items.map(String) : [attribute.StringValue];
}

function matchOf(rules: unknown, values: readonly string[] | undefined): Match {
  // `$or` holds objects, a nested policy is one: neither is about an attribute alone.
  if (!Array.isArray(rules)) return 'not-simple';
  const all = rules.map((rule) => ruleMatches(rule, values));
  return all.find((one) => one === 'yes') ?? all.find((one) => one === 'not-simple') ?? 'no';
}

function ruleMatches(rule: unknown, values: readonly string[] | undefined): Match {
  if (typeof rule === 'string') return anyOf(values, (value) => value === rule);
  if (typeof rule !== 'object' || rule === null || Object.keys(rule).length !== 1) return 'not-simple';
  const [[name, wanted] = ['', undefined]] = Object.entries(rule);
  switch (name) {
    case 'exists':
      return typeof wanted === 'boolean' ? said(wanted === (values !== undefined)) : 'not-simple';
    case 'prefix':
      return typeof wanted === 'string' ? anyOf(values, (value) => value.startsWith(wanted)) : 'not-simple';
    case 'suffix':
      return typeof wanted === 'string' ? anyOf(values, (value) => value.endsWith(wanted)) : 'not-simple';
    case 'equals-ignore-case':
      return typeof wanted === 'string' ? anyOf(values, (value) => value.toLowerCase() === wanted.toLowerCase()) : 'not-simple';
    case 'anything-but':
      return anythingBut(wanted, values);
    default:
      return 'not-simple';
  }
}

function anythingBut(wanted: unknown, values: readonly string[] | undefined): Match {
  const texts = typeof wanted === 'string' ? [wanted] : wanted;
  if (Array.isArray(texts))
    return texts.every((one) => typeof one === 'string') ? anyOf(values, (value) => !texts.includes(value)) : 'not-simple';
  const inner = typeof texts === 'object' && texts !== null ? Object.entries(texts) : [];
  const [[name, prefix] = ['', undefined]] = inner;
  if (inner.length !== 1 || name !== 'prefix' || typeof prefix !== 'string') return 'not-simple';
  return anyOf(values, (value) => !value.startsWith(prefix));
}

const said = (is: boolean): Match => (is ? 'yes' : 'no');
const anyOf = (values: readonly string[] | undefined, fits: (value: string) => boolean): Match => said(values?.some(fits) === true);
