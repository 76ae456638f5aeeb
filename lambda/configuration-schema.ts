// The shape of monitor.config.json, in the field order of the documentation; the JSON Schema for editors is generated from it.
import * as z from 'zod';
import { didYouMean } from './did-you-mean.ts';
import { parsePublicKeyText } from './dkim/public-key-text.ts';
import { parseDuration, parseSchedule, parseTimeOfDay } from './durations.ts';
import { exitsSettings } from './exits-schema.ts';
import { parseExternalId } from './external-id.ts';
import { FINDING_KINDS } from './model/finding.ts';
import { type Parsed, parseAccountId, parseDnsName, quoted } from './model/names.ts';
import { WEEKDAYS } from './model/policy.ts';
import { organizationSettings } from './organization-schema.ts';
import { email, matching, parsed, parseIdentityPattern, parseSesRegion, subscribers } from './schema-parts.ts';
import { parseServerAddress } from './server-address.ts';

function parseMutePattern(text: string): Parsed<string> {
  // A whole account or region, as the alerts about one name it.
  if (/^(\d{12}|\*)\/[a-z0-9*-]{1,30}$/.test(text)) return { ok: true, value: text };
  const identity = parseIdentityPattern(text);
  if (identity.ok) return identity;
  return {
    ok: false,
    problem: `${quoted(text)} is not an identity: write a domain, an address, or account/region; "*" stands for anything, dots too.`,
  };
}

function parseKind(text: string): Parsed<string> {
  const kinds: readonly string[] = FINDING_KINDS;
  if (kinds.includes(text)) return { ok: true, value: text };
  const guess = didYouMean(text, kinds);
  return {
    ok: false,
    problem: `there is no kind of finding ${quoted(text)}.${guess ? ` Did you mean "${guess}"?` : ' docs/findings.md lists them.'}`,
  };
}

function parseUntil(text: string): Parsed<string> {
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  // 30 February parses, as 2 March.
  const good = !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10));
  return good
    ? { ok: true, value: text }
    : { ok: false, problem: `${quoted(text)} is not a date: write "2027-03-01" (the mute ends as that day begins, UTC).` };
}

/** The address is a secret: a mistake in it is named, and the text is not. */
function parseHeartbeatUrl(text: string): Parsed<string> {
  const refuse = (problem: string): Parsed<string> => ({
    ok: false,
    problem: `${problem} (The address is not shown here: it is a secret.)`,
  });
  if (text.length > 2000) return refuse('is longer than 2,000 characters.');
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined) return refuse('is not an address: write it whole, such as "https://hc-ping.com/…".');
  if (url.protocol === 'http:')
    return refuse(
      'must begin with https://, or anybody on the way could read it. Most switches answer there too: put https:// in the place of http://.',
    );
  if (url.protocol !== 'https:') return refuse('must begin with https://.');
  if (url.username !== '' || url.password !== '') return refuse('must not hold a name and a password before the host.');
  return { ok: true, value: url.href };
}

const account = z.strictObject({
  id: parsed(parseAccountId).describe('AWS account id: twelve digits.'),
  roleName: matching(/^[\w+=,.@-]{1,64}$/, 'a role name')
    .optional()
    .describe('Role to assume in that account. Default: ses-dkim-monitor-read.'),
  externalId: parsed(parseExternalId).optional().describe('External id that the role demands; `npx dkim-monitor init` makes one.'),
});

/** Server as `1.1.1.1` or `127.0.0.1:5353`. */
const server = parsed(parseServerAddress);

/** The whole file. Every field is optional: an empty object watches the account and region that it is deployed to. */
export const configurationSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  accounts: z.array(account).max(1000).default([]).describe('Accounts to watch. Default: the account deployed to.'),
  organization: organizationSettings
    .optional()
    .describe('Accounts to watch that AWS Organizations names, those that join included (docs/accounts.md).'),
  regions: z
    .union([z.literal('all'), z.array(parsed(parseSesRegion)).max(64)], {
      error: 'must be "all" or a list of regions such as ["us-east-1"].',
    })
    .default([])
    .describe('Regions to watch, or "all". Default: the region deployed to.'),
  schedule: parsed((text) => {
    const minutes = parseSchedule(text);
    return minutes.ok ? { ok: true, value: { expression: text.trim(), minutes: minutes.value } } : minutes;
  })
    .default({ expression: 'rate(5 minutes)', minutes: 5 })
    .describe('How often DNS is checked: rate(…), at most 12 hours.'),
  inventoryEvery: parsed(parseDuration).default(3_600_000).describe('How often SES is asked for its identities.'),
  alerts: z
    .strictObject({
      ...subscribers,
      ...exitsSettings,
      remindEvery: parsed(parseDuration).default(86_400_000),
      escalateBefore: z
        .array(parsed(parseDuration))
        .max(10)
        .default([48 * 3_600_000, 24 * 3_600_000, 6 * 3_600_000])
        .describe('How long before a deadline it is told again. Default: 48, 24 and 6 hours; empty: only when it has passed.'),
      holdDown: parsed(parseDuration)
        .default(3_600_000)
        .describe('How long an alert that came back must stay well before its end is told; doubled each time it comes back.'),
      minimumSeverity: z.enum(['notice', 'warning', 'critical']).default('warning'),
      digest: z
        .strictObject({
          every: z.enum(['day', 'week']),
          at: parsed(parseTimeOfDay).describe('Time of day, UTC, such as "07:00".'),
          on: z.enum(WEEKDAYS).optional().describe('Day of a weekly digest. Default: monday.'),
        })
        .optional()
        .describe('One message a day or week with all that is open, over, muted, unseen and pending. Default: none.'),
    })
    .prefault({})
    .describe('Who is told, and how often reminded.'),
  operations: z
    .strictObject({
      email: z.array(email).max(100).default([]),
      heartbeatUrl: parsed(parseHeartbeatUrl)
        .optional()
        .describe(
          "https address of a dead man's switch, pinged after each good sweep. A secret: whoever knows it can keep the switch quiet.",
        ),
      dashboard: z
        .boolean()
        .default(true)
        .describe('A CloudWatch dashboard: three are free in an account, each further one costs 3 USD a month.'),
    })
    .prefault({})
    .describe('Who is told when the monitor itself is in trouble.'),
  mute: z
    .array(
      z.strictObject({
        identity: parsed(parseMutePattern),
        account: parsed(parseAccountId).optional().describe('Only in this account. Default: in all.'),
        region: parsed(parseSesRegion).optional().describe('Only in this region. Default: in all.'),
        kinds: z.array(parsed(parseKind)).max(60).default([]),
        until: parsed(parseUntil).optional(),
        reason: z.string().max(500).optional(),
      }),
    )
    .max(10_000)
    .default([])
    .describe('Findings to list but not to tell or count.'),
  byodkim: z
    .array(
      z.strictObject({
        identity: parsed(parseDnsName),
        selector: matching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/, 'a selector (1 to 63 letters and digits)').optional(),
        publicKey: parsed(parsePublicKeyText).optional(),
      }),
    )
    .max(20_000)
    .default([])
    .describe('What SES never tells of your own keys: selector and public key.'),
  dns: z
    .strictObject({
      resolvers: z.array(server).max(16).default([]).describe('Default: the resolvers of the system.'),
      port: z.int().min(1).max(65535).default(53),
      confirmAfter: parsed(parseDuration).default(45_000).describe('Pause before an absence is asked for a second time.'),
      allowPrivateNameServers: z.boolean().default(false),
      routes: z
        .record(z.ipv4(), server)
        .optional()
        .describe('Closed networks: where each name server address really listens. If given, no other address is asked.'),
      rootHints: z.array(z.ipv4()).max(26).optional().describe('Closed networks: addresses of the root servers.'),
      timeoutMs: z
        .int()
        .min(100)
        .max(10_000)
        .optional()
        .describe(
          'Closed networks: milliseconds that the first try of a question waits (default 1500); the second and TCP wait twice as long.',
        ),
    })
    .prefault({}),
  triggers: z
    .strictObject({
      health: z.boolean().default(true).describe("AWS Health's events about DKIM and MAIL FROM."),
      advisor: z
        .boolean()
        .default(true)
        .describe("The deliverability advisor's events. They come only where Virtual Deliverability Manager is on."),
      cloudTrail: z
        .boolean()
        .default(true)
        .describe('Changes of identities and of Route 53 records. They come only where a CloudTrail trail records them.'),
      fromOrganization: matching(/^o-[a-z0-9]{10,32}$/, 'the id of an organisation (it starts with o-)')
        .optional()
        .describe('Events that accounts of this organisation forward are taken as well.'),
      fromAccounts: z
        .boolean()
        .default(false)
        .describe('Events that the accounts of `accounts`, and other regions of the account deployed to, forward are taken as well.'),
    })
    .prefault({})
    .describe('Which events start an early check (docs/triggers.md). Nothing depends on them.'),
  scale: z
    .enum(['function', 'step-functions'])
    .default('function')
    .describe(
      'How a sweep runs: in one function, or, for very large estates, in many that Step Functions starts (docs/large-estates.md). Default: function.',
    ),
  ses: z
    .strictObject({
      callsPerSecond: z
        .number()
        .min(0.1)
        .max(50)
        .default(1)
        .describe('SES reading calls per second, account and region. AWS throttles at 1.'),
      maxCallsPerSecond: z
        .number()
        .min(0.1)
        .max(50)
        .optional()
        .describe(
          'Up to this many it may grow while SES does not object. Default: callsPerSecond. More takes from your own tools what they need of the same limit.',
        ),
      detailsEvery: parsed(parseDuration)
        .default(86_400_000)
        .describe(
          'Within this time SES is asked about each identity by itself, changed or not. Status and tokens are read with inventoryEvery.',
        ),
    })
    .prefault({})
    .describe('How fast SES is read.'),
});

export type Configuration = Readonly<z.output<typeof configurationSchema>>;
