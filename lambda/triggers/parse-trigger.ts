// Reads one EventBridge event: which target and which identities or records to look at early, or why the event is left aside. Pure.
import type { ChangedName } from '../model/focus.ts';
import { parseAccountId, parseRegion } from '../model/names.ts';
import { type Fields, fieldsOf, identityIn, identityInArn, listOf, textOf } from './fields.ts';
import { ADVISOR_EVENTS, CLOUDTRAIL, HEALTH_CODES, ROUTE53_CALLS, SES_CALLS } from './listened.ts';
import { changedNames } from './route53.ts';

/** Why an event starts nothing. */
export type IgnoredWhy =
  /** Longer than any event of EventBridge. */
  | 'too-large'
  | 'not-json'
  /** No event, or none of the kinds that are listened to. */
  | 'foreign'
  /** The call failed: nothing was changed. */
  | 'call-failed'
  /** Its account and region are not in the configuration. */
  | 'target-not-watched'
  /** It names nothing that could be an identity. */
  | 'no-identity'
  /** Nothing about DKIM, MAIL FROM or DMARC. */
  | 'other-matter';

export type Trigger =
  | { readonly kind: 'identities'; readonly target: string; readonly names: 'all' | readonly string[] }
  | { readonly kind: 'records'; readonly changed: readonly ChangedName[] }
  | { readonly kind: 'ignored'; readonly why: IgnoredWhy };

/** An EventBridge event has at most 256 KB; SQS carries up to 1 MiB. Source: Amazon EventBridge quotas, PutEvents entry size. */
const LARGEST = 262_144;
/** Entities of one event that are looked at: AWS Health pages longer lists. */
const MOST_ENTITIES = 100;

const ignored = (why: IgnoredWhy): Trigger => ({ kind: 'ignored', why });

/** `body` is what the queue delivered; `targets` are those of the configuration, as `account/region`. Never throws. */
export function parseTrigger(body: string, targets: ReadonlySet<string>): Trigger {
  if (body.length > LARGEST) return ignored('too-large');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return ignored('not-json');
  }
  const event = fieldsOf(value);
  const detail = fieldsOf(event.detail);
  const type = textOf(event['detail-type']);
  switch (textOf(event.source)) {
    case 'aws.health':
      return fromHealth(event, detail, targets);
    case 'aws.ses':
      if (type === CLOUDTRAIL) return fromSesCall(event, detail, targets);
      return ADVISOR_EVENTS.includes(type) ? fromAdvisor(event, detail, targets) : ignored('foreign');
    case 'aws.route53':
      return type === CLOUDTRAIL ? fromRoute53(detail) : ignored('foreign');
    default:
      return ignored('foreign');
  }
}

/** The target of an event, if it is watched. EventBridge writes account and region itself; a forwarded event keeps those of its origin. */
function watched(account: unknown, region: unknown, targets: ReadonlySet<string>): string | undefined {
  const parsedAccount = parseAccountId(textOf(account));
  const parsedRegion = parseRegion(textOf(region));
  if (!parsedAccount.ok || !parsedRegion.ok) return undefined;
  const key = `${parsedAccount.value}/${parsedRegion.value}`;
  return targets.has(key) ? key : undefined;
}

/**
 * AWS Health: `AWS_SES_DKIM_…` and `AWS_SES_CMF_…` (custom MAIL FROM). The region is `detail.eventRegion`, since Health sends copies to a second region; where Health is
 * read for a whole organisation, the account is `detail.affectedAccount`. Without an entity that is an identity the whole target is looked at.
 * Source: AWS Health User Guide, "Reference: AWS Health events Amazon EventBridge schema".
 */
function fromHealth(event: Fields, detail: Fields, targets: ReadonlySet<string>): Trigger {
  if (textOf(detail.service) !== 'SES' || !HEALTH_CODES.some((code) => textOf(detail.eventTypeCode).startsWith(code)))
    return ignored('other-matter');
  const target = watched(textOf(detail.affectedAccount) || event.account, textOf(detail.eventRegion) || event.region, targets);
  if (target === undefined) return ignored('target-not-watched');
  const names = listOf(detail.affectedEntities, MOST_ENTITIES).flatMap((entity) => {
    const { entityValue } = fieldsOf(entity);
    return identityInArn(entityValue) ?? identityIn(entityValue) ?? [];
  });
  return { kind: 'identities', target, names: names.length > 0 ? names : 'all' };
}

/**
 * The advisor of Virtual Deliverability Manager: the identity is in `resources`. Findings about sending (bounces, complaints), which name tenants too, are none of ours.
 * Source: SES Developer Guide, "Monitoring SES events using Amazon EventBridge"; SES API v2 reference, Recommendation, for the types.
 */
function fromAdvisor(event: Fields, detail: Fields, targets: ReadonlySet<string>): Trigger {
  const type = textOf(fieldsOf(detail.metadata).type);
  if (type !== '' && !/^(DKIM|DMARC|SPF)/.test(type)) return ignored('other-matter');
  const target = watched(event.account, event.region, targets);
  if (target === undefined) return ignored('target-not-watched');
  const names = listOf(event.resources, MOST_ENTITIES).flatMap((arn) => identityInArn(arn) ?? []);
  return names.length > 0 ? { kind: 'identities', target, names } : ignored('no-identity');
}

function fromSesCall(event: Fields, detail: Fields, targets: ReadonlySet<string>): Trigger {
  const call = textOf(detail.eventName);
  if (textOf(detail.eventSource) !== 'ses.amazonaws.com' || !Object.hasOwn(SES_CALLS, call)) return ignored('other-matter');
  if (detail.errorCode !== undefined) return ignored('call-failed');
  const target = watched(event.account, event.region, targets);
  if (target === undefined) return ignored('target-not-watched');
  const name = identityIn(fieldsOf(detail.requestParameters)[SES_CALLS[call] ?? '']);
  return name === undefined ? ignored('no-identity') : { kind: 'identities', target, names: [name] };
}

/** Of any account: the zone may belong to one that is not watched, and only what lies at watched identities' names is looked at. */
function fromRoute53(detail: Fields): Trigger {
  if (!ROUTE53_CALLS.includes(textOf(detail.eventName))) return ignored('other-matter');
  if (detail.errorCode !== undefined) return ignored('call-failed');
  const changed = changedNames(detail);
  return changed.length > 0 ? { kind: 'records', changed } : ignored('other-matter');
}
