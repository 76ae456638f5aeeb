// The dead man's switch over real connections: what counts as pinged, what is followed, and what is never said.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { httpsHeartbeat } from '../../lambda/channel/heartbeat.ts';
import { selfSigned } from './self-signed.ts';

const SECRET = '/5f2c0d1e-secret?key=hush';
const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
    server.close();
  }
});

async function listening<T extends { listen(port: number, host: string, then: () => void): unknown; address(): unknown; close(): unknown }>(
  server: T,
): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A switch on plain http, for the tests that are not about TLS; `seen` are the requests. */
async function plain(answer: RequestListener) {
  const seen: string[] = [];
  const port = await listening(
    createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      answer(request, response);
    }),
  );
  return { port, seen, url: `http://127.0.0.1:${port}${SECRET}`, only: { plainHttp: (url: URL) => url.port === String(port) } };
}

test('a GET, and any 2xx is a ping', async () => {
  const { url, seen, only } = await plain((_request, response) => response.writeHead(204).end());
  expect(await httpsHeartbeat(url, only)()).toEqual({ kind: 'pinged' });
  expect(seen).toEqual([`GET ${SECRET}`]);
});

describe('over TLS', () => {
  const { key, cert } = selfSigned('127.0.0.1');
  const tls = async () =>
    `https://127.0.0.1:${await listening(createTlsServer({ key, cert }, (_request, response) => response.end('OK')))}${SECRET}`;

  test('with a certificate that is trusted', async () => {
    expect(await httpsHeartbeat(await tls(), { ca: cert })()).toEqual({ kind: 'pinged' });
  });
  test('one that is not trusted fails, and says so', async () => {
    expect(await httpsHeartbeat(await tls())()).toEqual({
      kind: 'failed',
      detail: 'The ping of 127.0.0.1 failed: DEPTH_ZERO_SELF_SIGNED_CERT.',
    });
  });
});

test('plain http is not asked at all', async () => {
  const { url, seen } = await plain((_request, response) => response.end());
  expect(await httpsHeartbeat(url)()).toEqual({ kind: 'failed', detail: 'The ping of 127.0.0.1 failed: the address is not https.' });
  expect(seen).toEqual([]);
});

test.each([404, 410, 500, 304])(
  'the answer %i is a failure that names the host and the status, and nothing of the path',
  async (status) => {
    const { url, only } = await plain((_request, response) => response.writeHead(status).end(status === 304 ? undefined : 'hush'));
    expect(await httpsHeartbeat(url, only)()).toEqual({
      kind: 'failed',
      detail: `The ping of 127.0.0.1 failed: the answer was ${status}.`,
    });
  },
);

test('a redirect is followed where it is allowed, relative ones too', async () => {
  const { url, seen, only } = await plain((request, response) =>
    request.url === '/new' ? response.end('OK') : response.writeHead(307, { location: '/new' }).end(),
  );
  expect(await httpsHeartbeat(url, only)()).toEqual({ kind: 'pinged' });
  expect(seen).toEqual([`GET ${SECRET}`, 'GET /new']);
});

test('a redirect off https is not followed: the other server hears nothing', async () => {
  const other = await plain((_request, response) => response.end('OK'));
  const { url, only } = await plain((_request, response) => response.writeHead(302, { location: other.url }).end());
  expect(await httpsHeartbeat(url, only)()).toEqual({
    kind: 'failed',
    detail: 'The ping of 127.0.0.1 failed: it leads on to an address that is not https.',
  });
  expect(other.seen).toEqual([]);
});

test.each([
  ['file:///etc/passwd', /not https/],
  ['http://[', /no address/],
])('a redirect to %s ends there', async (location, why) => {
  const { url, only } = await plain((_request, response) => response.writeHead(302, { location }).end());
  expect(await httpsHeartbeat(url, only)()).toMatchObject({ kind: 'failed', detail: expect.stringMatching(why) });
});

test('a circle of redirects ends after three', async () => {
  const { url, seen, only } = await plain((_request, response) => response.writeHead(302, { location: SECRET }).end());
  expect(await httpsHeartbeat(url, only)()).toMatchObject({ detail: 'The ping of 127.0.0.1 failed: more than 3 redirects.' });
  expect(seen).toHaveLength(4);
});

test('who never answers is given up in time', async () => {
  const port = await listening(createTcpServer());
  const began = Date.now();
  const pinged = await httpsHeartbeat(`http://127.0.0.1:${port}${SECRET}`, { plainHttp: () => true, timeoutMs: 100 })();
  expect(pinged).toEqual({ kind: 'failed', detail: 'The ping of 127.0.0.1 failed: no answer in time.' });
  expect(Date.now() - began).toBeLessThan(2000);
});

test('an answer without end is not read: the status is enough, and the connection is closed', async () => {
  let closed: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { url, only } = await plain((_request, response) => {
    response.on('close', closed);
    const pour = (): void => {
      while (response.write('x'.repeat(65_536)));
    };
    response.on('drain', pour);
    pour();
  });
  expect(await httpsHeartbeat(url, only)()).toEqual({ kind: 'pinged' });
  await end;
});

test('headers without end, and what is no HTTP, are failures with a code', async () => {
  const port = await listening(
    createTcpServer((socket) => void socket.on('error', () => {}).end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)),
  );
  expect(await httpsHeartbeat(`http://127.0.0.1:${port}${SECRET}`, { plainHttp: () => true })()).toMatchObject({
    detail: 'The ping of 127.0.0.1 failed: HPE_HEADER_OVERFLOW.',
  });
});

test('a port where nobody listens', async () => {
  expect(await httpsHeartbeat(`https://127.0.0.1:1${SECRET}`)()).toEqual({
    kind: 'failed',
    detail: 'The ping of 127.0.0.1 failed: ECONNREFUSED.',
  });
});
