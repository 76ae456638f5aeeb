// Events as EventBridge delivers them, one builder a kind: envelopes and details follow the examples of AWS's own pages.
export const WATCHED = { account: '111111111111', region: 'eu-west-1' } as const;

export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

function event(source: string, type: string, more: Partial<EventBridgeEvent>): EventBridgeEvent {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': type,
    source,
    ...WATCHED,
    time: '2026-03-01T00:00:00Z',
    resources: [],
    detail: {},
    ...more,
  };
}

/** As AWS Health sends it: the region of the trouble is in the detail, copies come from a second region. */
export function healthEvent(
  eventTypeCode: string,
  entities: readonly string[],
  more: Partial<EventBridgeEvent> = {},
  detail: object = {},
): EventBridgeEvent {
  return event('aws.health', 'AWS Health Event', {
    resources: entities,
    detail: {
      eventArn: `arn:aws:health:eu-west-1::event/SES/${eventTypeCode}/${eventTypeCode}_0f1e`,
      service: 'SES',
      eventTypeCode,
      eventTypeCategory: 'accountNotification',
      eventScopeCode: 'ACCOUNT_SPECIFIC',
      eventRegion: WATCHED.region,
      startTime: 'Sun, 01 Mar 2026 00:00:00 GMT',
      eventDescription: [{ language: 'en_US', latestDescription: 'Your DKIM setup for the domain is complete.' }],
      affectedEntities: entities.map((entityValue) => ({ entityValue, lastUpdatedTime: 'Sun, 01 Mar 2026 00:00:00 GMT' })),
      affectedAccount: WATCHED.account,
      page: '1',
      totalPages: '1',
      ...detail,
    },
    ...more,
  });
}

export function advisorEvent(
  state: 'Open' | 'Resolved' | 'Closed',
  resource: string,
  metadata?: { readonly impact: string; readonly type: string },
): EventBridgeEvent {
  return event('aws.ses', `Advisor Recommendation Status ${state}`, {
    resources: [resource],
    detail: { version: '1.0.0', data: 'DKIM verification is not enabled.', ...(metadata ? { metadata } : {}) },
  });
}

/** A call that CloudTrail recorded. */
export function callEvent(
  service: 'ses' | 'route53',
  eventName: string,
  requestParameters: unknown,
  more: Partial<EventBridgeEvent> = {},
  detail: object = {},
): EventBridgeEvent {
  return event(`aws.${service}`, 'AWS API Call via CloudTrail', {
    ...(service === 'route53' ? { region: 'us-east-1' } : {}),
    detail: {
      eventVersion: '1.09',
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/admin/somebody', accountId: '111111111111' },
      eventTime: '2026-03-01T00:00:00Z',
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: service === 'route53' ? 'us-east-1' : WATCHED.region,
      sourceIPAddress: '192.0.2.1',
      userAgent: 'aws-cli/2.22.0',
      requestParameters,
      responseElements: null,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: WATCHED.account,
      eventCategory: 'Management',
      ...detail,
    },
    ...more,
  });
}

/** `changes`: action, type, name. Route 53 ends names with a dot. */
export function recordsEvent(
  changes: readonly (readonly ['CREATE' | 'UPSERT' | 'DELETE', string, string])[],
  more: Partial<EventBridgeEvent> = {},
  detail: object = {},
): EventBridgeEvent {
  const changeBatch = {
    changes: changes.map(([action, type, name]) => ({
      action,
      resourceRecordSet: { name, type, tTL: 300, resourceRecords: [{ value: 'a.example' }] },
    })),
  };
  return callEvent('route53', 'ChangeResourceRecordSets', { hostedZoneId: 'Z0123456789', changeBatch }, more, detail);
}
