// Lambda: functions of the world that is played with, called as the service calls them.
import { type Answer, awsError, type Call } from './call.ts';
import type { Estate } from './estate.ts';

/** One function, by whoever plays with the sandbox. */
export interface SandboxFunction {
  readonly environment?: Readonly<Record<string, string>>;
  /** What it throws is answered as Lambda answers an unhandled error. */
  readonly invoke: (event: unknown) => Promise<unknown>;
}

/** Invoke, of the type RequestResponse. */
export async function invoke(estate: Estate, call: Call): Promise<Answer> {
  const found = functionOf(estate, call);
  if (found === undefined) return missing(call);
  const event: unknown = call.body.length === 0 ? {} : JSON.parse(call.body.toString());
  try {
    const answer = await found.invoke(event);
    return { kind: 'raw', status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer ?? null) };
  } catch (error) {
    const { name, message } = error as Error;
    const headers = { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' };
    return { kind: 'raw', status: 200, headers, body: JSON.stringify({ errorType: name, errorMessage: message }) };
  }
}

/** GetFunctionConfiguration. */
export function getFunctionConfiguration(estate: Estate, call: Call): Answer {
  const found = functionOf(estate, call);
  if (found === undefined) return missing(call);
  const { environment = {} } = found;
  return { kind: 'json', value: { FunctionName: nameOf(call), FunctionArn: arnOf(call), Environment: { Variables: environment } } };
}

/** Which operation a request is. */
export function lambdaOperation(method: string, path: string): { readonly action: string; readonly subject: string } | undefined {
  const [, name, what] = /^\/2015-03-31\/functions\/([^/]+)\/(invocations|configuration)$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  const subject = decodeURIComponent(name);
  if (method === 'POST' && what === 'invocations') return { action: 'Invoke', subject };
  return method === 'GET' && what === 'configuration' ? { action: 'GetFunctionConfiguration', subject } : undefined;
}

const nameOf = ({ subject = '' }: Call): string => subject.split(':').at(-1) ?? '';
const arnOf = (call: Call): string => `arn:aws:lambda:${call.region}:${call.account}:function:${nameOf(call)}`;
const functionOf = (estate: Estate, call: Call): SandboxFunction | undefined => estate.functions.get(arnOf(call));
const missing = (call: Call): Answer => awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf(call)}`);
