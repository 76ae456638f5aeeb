// Parts of the configuration's schema that several settings share: what a text must look like, and whom a topic may have as subscribers.
import * as z from 'zod';
import { regionProblem } from './dkim/region-zones.ts';
import { type Parsed, parseDnsName, parseRegion, quoted, type Region } from './model/names.ts';

/** A string that one of our parsers must accept; the value becomes the parser's. */
export function parsed<T>(parse: (text: string) => Parsed<T>) {
  return z.string().transform((text, context): T => {
    const result = parse(text);
    if (result.ok) return result.value;
    context.issues.push({ code: 'custom', message: result.problem, input: text });
    return z.NEVER;
  });
}

export const matching = (pattern: RegExp, what: string) =>
  z.string().regex(pattern, { error: (issue) => `${quoted(String(issue.input))} is not ${what}.` });

export const email = matching(/^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,253}\.[^\s@,;<>"]+$/, 'an e-mail address');

const slack = z.strictObject({
  workspaceId: matching(/^T[A-Z0-9]{6,14}$/, 'a Slack workspace id (it starts with T)'),
  channelId: matching(/^[CG][A-Z0-9]{6,14}$/, 'a Slack channel id (it starts with C, or G for a private one)'),
});

const guid = matching(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'an id in GUID form');
const teams = z.strictObject({
  tenantId: guid,
  teamId: guid,
  channelId: matching(/^[\w%:.@-]{10,300}$/, 'a Teams channel id'),
});

/** Whom a topic has as subscribers. */
export const subscribers = {
  email: z.array(email).max(100).default([]),
  slack: z.array(slack).max(20).default([]),
  teams: z.array(teams).max(20).default([]),
};

export function parseIdentityPattern(text: string): Parsed<string> {
  const plain = text.replace(/\*/g, 'x');
  const at = plain.lastIndexOf('@');
  const domain = parseDnsName(at < 0 ? plain : plain.slice(at + 1));
  if (text === '*' || domain.ok) return { ok: true, value: text.toLowerCase() };
  return { ok: false, problem: `${quoted(text)} is not an identity: write a domain or an address; "*" stands for anything, dots too.` };
}

/** A region that SES can be in. Unknown ones are taken: AWS adds regions. */
export function parseSesRegion(text: string): Parsed<Region> {
  const region = parseRegion(text);
  const problem = region.ok ? regionProblem(region.value) : undefined;
  return problem === undefined ? region : { ok: false, problem };
}
