// What a message tells about the SES that sent it. All of it is written in the message, so anybody can have written it.
import { parseRegion, type Region } from '../model/names.ts';

export interface SesTraces {
  readonly seen: boolean;
  /** The region that sent it, where the message says so. */
  readonly region?: Region;
}

/** SES's own zones: `amazonses.com` and regional ones below it. */
export function isSesDomain(domain: string): boolean {
  return domain === 'amazonses.com' || domain.endsWith('.amazonses.com');
}

/**
 * `fields` are header fields by name in lower case. SES writes `Feedback-ID: ::1.<region>.<id>:AmazonSES` (formerly without the colons in
 * front) and `Message-ID: <…@<region>.amazonses.com>`, in us-east-1 `@email.amazonses.com`.
 */
export function sesTraces(
  fields: readonly { readonly name: string; readonly value: string }[],
  signingDomains: readonly string[],
): SesTraces {
  const of = (name: string): readonly string[] => fields.flatMap((field) => (field.name === name ? [field.value.slice(0, 1000)] : []));
  const feedback = of('feedback-id').filter((value) => /:AmazonSES\s*$/.test(value));
  const ids = of('message-id').flatMap((value) => /@([a-z0-9-]+)\.amazonses\.com>?\s*$/.exec(value)?.[1] ?? []);
  const seen = feedback.length > 0 || ids.length > 0 || of('x-ses-outgoing').length > 0 || signingDomains.some(isSesDomain);
  const named = [
    ...feedback.flatMap((value) => /^[^.]{0,40}\.([a-z0-9-]{1,30})\./.exec(value.trim())?.[1] ?? []),
    ...ids.map((label) => (label === 'email' ? 'us-east-1' : label)),
  ];
  const region = named.map(parseRegion).find((parsed) => parsed.ok);
  return { seen, ...(region?.ok === true ? { region: region.value } : {}) };
}
