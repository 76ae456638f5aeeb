// EventBridge: which buses there are, and PutEvents onto them with the checks that the real service makes of an entry.
import { type Answer, awsError, type Call } from './call.ts';
import type { Estate } from './estate.ts';

const ENTRY_LIMIT = 262_144;

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

/** PutEvents. An entry that is refused has an ErrorCode in an answer of 200; `refuseEvents` refuses all of them. */
export function putEvents(estate: Estate, call: Call, at: string): Answer {
  const { Entries: entries } = JSON.parse(call.body.toString()) as { readonly Entries?: readonly Entry[] };
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > 10)
    return awsError(400, 'ValidationException', 'Member must have length between 1 and 10');
  const results = (entries as readonly Entry[]).map((entry) => {
    const code = estate.refuseEvents ?? refusal(entry);
    if (code !== undefined) return { ErrorCode: code, ErrorMessage: code };
    const { Source: source = '', DetailType: detailType = '', Detail: detail = '', EventBusName: bus = 'default' } = entry;
    const id = estate.nextId();
    estate.events.push({ at, account: call.account, region: call.region, bus, id, source, detailType, detail: JSON.parse(detail) });
    return { EventId: id };
  });
  return { kind: 'json', value: { FailedEntryCount: results.filter((r) => 'ErrorCode' in r).length, Entries: results } };
}

/** DescribeEventBus, by name or ARN. Every account has `default` in every region. */
export function describeEventBus(estate: Estate, call: Call): Answer {
  const { Name: asked = 'default' } = JSON.parse(call.body.toString()) as { readonly Name?: string };
  const arn = asked.startsWith('arn:') ? asked : `arn:aws:events:${call.region}:${call.account}:event-bus/${asked}`;
  const [, , , region, account, resource = ''] = arn.split(':');
  const name = resource.replace('event-bus/', '');
  if (account !== call.account)
    return awsError(
      400,
      'AccessDeniedException',
      `User: ${call.principal} is not authorized to perform: events:DescribeEventBus on resource: ${arn}`,
    );
  const there = region === call.region && (name === 'default' || estate.buses.has(arn));
  return there
    ? { kind: 'json', value: { Name: name, Arn: arn } }
    : awsError(400, 'ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

function refusal({ Source = '', DetailType = '', Detail = '' }: Entry): string | undefined {
  if (Source === '' || Source.startsWith('aws.')) return 'NotAuthorizedForSourceException';
  if (DetailType === '' || Buffer.byteLength(Source + DetailType + Detail) >= ENTRY_LIMIT) return 'InvalidArgument';
  try {
    return typeof JSON.parse(Detail) === 'object' ? undefined : 'MalformedDetail';
  } catch {
    return 'MalformedDetail';
  }
}
