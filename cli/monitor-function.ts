// The deployed function, as the command reaches it: asked to examine itself, or only looked at.
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { DOCTOR_EVENT } from '../lambda/doctor-event.ts';
import type { DoctorAsked } from '../lambda/doctor-plan.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { ENVIRONMENT } from '../lambda/settings.ts';

export type Invoked =
  | { readonly kind: 'answered'; readonly payload: unknown }
  | { readonly kind: 'missing' }
  | { readonly kind: 'denied'; readonly action: string }
  /** The function ran and failed, or Lambda could not be asked. */
  | { readonly kind: 'failed' | 'untold'; readonly detail: string };

export type Found =
  | { readonly kind: 'found'; readonly bucket?: string; readonly topicArn?: string }
  | Exclude<Invoked, { kind: 'answered' }>;

/** Longer than the function looks at most. */
const INVOKE_MS = 300_000;
const READ_MS = 20_000;

/** Runs the examination in the function. Never throws for what Lambda does. Source: AWS Lambda API Reference, Invoke. */
export async function invokeDoctor(functionName: string, region: string, asked: DoctorAsked): Promise<Invoked> {
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  return call('lambda:InvokeFunction', region, async (client) => {
    const event = { kind: DOCTOR_EVENT, ...asked };
    const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) });
    const { FunctionError, Payload } = await client.send(command, { abortSignal: AbortSignal.timeout(INVOKE_MS) });
    const payload = jsonIn(Payload);
    if (FunctionError === undefined) return { kind: 'answered', payload };
    const { errorMessage } = (payload ?? {}) as { readonly errorMessage?: unknown };
    return { kind: 'failed', detail: visible(typeof errorMessage === 'string' ? errorMessage : FunctionError, 500) };
  });
}

/** Which bucket and topic the function has: what its own settings say. Source: AWS Lambda API Reference, GetFunctionConfiguration. */
export async function findFunction(functionName: string, region: string): Promise<Found> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  return call('lambda:GetFunctionConfiguration', region, async (client) => {
    const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
    const { Environment } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_MS) });
    const { [ENVIRONMENT.bucket]: bucket, [ENVIRONMENT.topicArn]: topicArn } = Environment?.Variables ?? {};
    return { kind: 'found', ...(bucket ? { bucket } : {}), ...(topicArn ? { topicArn } : {}) };
  });
}

/** One try each: an examination that is repeated by itself would run twice. */
async function call<T>(
  action: string,
  region: string,
  work: (client: LambdaClient) => Promise<T>,
): Promise<T | Exclude<Invoked, { kind: 'answered' }>> {
  const { LambdaClient: Client } = await import('@aws-sdk/client-lambda');
  const client = new Client({ region, maxAttempts: 1 });
  try {
    return await work(client);
  } catch (error) {
    const { name, message, code } = error as { readonly name?: string; readonly message?: string; readonly code?: string };
    if (name === 'ResourceNotFoundException') return { kind: 'missing' };
    if (name === 'AccessDeniedException' || name === 'AccessDenied') return { kind: 'denied', action };
    if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'untold', detail: 'Lambda did not answer in time.' };
    // Refusals of a signature quote what was signed: their text stays inside.
    const said = /token|signature|credential/i.test(name ?? '') ? '' : ` (${visible(message ?? '', 200)})`;
    return { kind: 'untold', detail: `Lambda said ${visible(name ?? code ?? 'Error', 80)}${said}.` };
  } finally {
    client.destroy();
  }
}

function jsonIn(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
}
