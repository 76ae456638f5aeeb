// Reads single fields of an event that anybody may have made: every one may be missing, of another type, too long, or hostile.
import { parseDnsName } from '../model/names.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** At most `most` entries. */
export function listOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' && value.length <= 2048 ? value : '';
}

/**
 * The name of an SES identity: a domain, in the form that is compared, or an address as it was written, since SES distinguishes capitals before the `@`.
 * Undefined for what cannot be one.
 */
export function identityIn(value: unknown): string | undefined {
  const text = textOf(value);
  const at = text.lastIndexOf('@');
  const domain = parseDnsName(text.slice(at + 1));
  if (!domain.ok || !domain.value.includes('.')) return undefined;
  if (at < 0) return domain.value;
  return /^[\x21-\x3f\x41-\x7e]{1,64}$/.test(text.slice(0, at)) ? `${text.slice(0, at)}@${domain.value}` : undefined;
}

/** The identity that an ARN such as `arn:aws:ses:eu-west-1:111111111111:identity/example.com` names. Source: IAM service authorization reference, Amazon SES. */
export function identityInArn(value: unknown): string | undefined {
  const [, name] = /^arn:[a-z-]+:ses:[a-z0-9-]+:\d{12}:identity\/(.+)$/.exec(textOf(value)) ?? [];
  return identityIn(name);
}
