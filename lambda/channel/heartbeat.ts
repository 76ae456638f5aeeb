// Pings a dead man's switch: one GET over https whose answer is looked at no further than its status.
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { visible } from '../model/safe-text.ts';
import type { Heartbeat } from '../sweep/ports.ts';

type Pinged = Awaited<ReturnType<Heartbeat>>;

export interface HeartbeatOptions {
  /** Bound of the whole ping with all redirects, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Tests only: certificate authorities to trust beside none of the public ones. */
  readonly ca?: string;
  /** Tests only: plain http is taken where this says so. Default: nowhere. */
  readonly plainHttp?: (url: URL) => boolean;
}

const MAX_REDIRECTS = 3;

/**
 * {@link Heartbeat} by a GET of `url`; good is any status from 200 to 299. Up to three redirects are followed, to https only: the path is the secret, and
 * must not travel in the clear. The body of an answer is not read at all: the connection is closed as soon as the status is known. What a failure says
 * holds the host of that address at most: neither its path, nor where it led, nor what the other side wrote.
 */
export function httpsHeartbeat(url: string, options: HeartbeatOptions = {}): Heartbeat {
  return async () => {
    const signal = AbortSignal.timeout(options.timeoutMs ?? 5_000);
    const failed = failure(new URL(url));
    let at = new URL(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      if (!mayAsk(at, options)) return failed(redirects === 0 ? 'the address is not https' : 'it leads on to an address that is not https');
      const answer = await get(at, signal, options);
      if ('error' in answer) return failed(signal.aborted ? 'no answer in time' : answer.error);
      const { status, location } = answer;
      if (status >= 200 && status < 300) return { kind: 'pinged' };
      if (status < 300 || status >= 400 || location === undefined) return failed(`the answer was ${status}`);
      if (!URL.canParse(location, at.href)) return failed('it leads on to what is no address');
      at = new URL(location, at.href);
    }
    return failed(`more than ${MAX_REDIRECTS} redirects`);
  };
}

const failure =
  ({ hostname }: URL) =>
  (why: string): Pinged => ({ kind: 'failed', detail: `The ping of ${visible(hostname, 100)} failed: ${why}.` });

const mayAsk = (url: URL, { plainHttp }: HeartbeatOptions): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && plainHttp?.(url) === true);

type Answer = { readonly status: number; readonly location: string | undefined } | { readonly error: string };

async function get(url: URL, signal: AbortSignal, { ca }: HeartbeatOptions): Promise<Answer> {
  // Only where it is used: an import of this module makes Node load a whole client of web sockets, for a quarter of the function's cold start.
  const requestHttp = url.protocol === 'http:' ? (await import('node:http')).request : undefined;
  return new Promise((resolve) => {
    const settings = { method: 'GET', agent: false as const, signal, headers: { 'user-agent': 'ses-dkim-monitor' } };
    const answered = (response: IncomingMessage): void => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      // What breaks after the status is known concerns nobody, and must not end the function.
      response.on('error', () => {});
      response.destroy();
    };
    const request =
      requestHttp === undefined
        ? requestHttps(url, { ...settings, ...(ca === undefined ? {} : { ca }) }, answered)
        : requestHttp(url, settings, answered);
    // Node's messages may quote what was asked for; its codes do not.
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ error: visible(error.code ?? 'the connection broke', 60) }));
    request.end();
  });
}
