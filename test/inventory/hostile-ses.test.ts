// Answers that SES would not give, from a server that gives them all the same.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { easyIdentity } from '../../sandbox/aws/identities.ts';
import { AT_HOME, domains, type Estate, HOME, IN_MEMBER, NO_HURRY, smallEstate } from './small-estate.ts';

let estate: Estate;
let server: Server | undefined;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  await estate.close();
});

const NOBODY =
  '<GetIdentityDkimAttributesResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><GetIdentityDkimAttributesResult><DkimAttributes/></GetIdentityDkimAttributesResult></GetIdentityDkimAttributesResponse>';

/** Everything that asks is answered by `body` (of the request's path and JSON). */
async function sesAnswers(body: (path: string, asked: Record<string, unknown>) => unknown): Promise<void> {
  server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    // SES v1, which knows nobody here.
    const isV1 = request.url === '/' && text.includes('GetIdentityDkimAttributes');
    const answer = isV1 ? NOBODY : body(request.url ?? '', text.startsWith('{') ? JSON.parse(text) : {});
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const refresh = () => estate.open().refresh(AT_HOME, undefined, estate.now() + NO_HURRY);

test('a paging token that comes twice ends the listing with a gap', async () => {
  let pages = 0;
  await sesAnswers(() => ({ EmailIdentities: [{ IdentityName: `d${++pages}.example.com`, IdentityType: 'DOMAIN' }], NextToken: 'again' }));
  const { inventory, gap } = await refresh();
  expect(gap).toMatchObject({ reason: 'error', detail: expect.stringContaining('does not come to an end') });
  expect(pages).toBe(2);
  expect(inventory).toMatchObject({ complete: false, identities: [] });
  expect(inventory.pending).toBeUndefined();
});

test('paging tokens that are always new end too', async () => {
  let pages = 0;
  await sesAnswers(() => ({ EmailIdentities: [], NextToken: `token-${++pages}` }));
  expect((await refresh()).gap?.reason).toBe('error');
  expect(pages).toBe(1000);
});

test('entries without a name, repeated or absurd are passed over', async () => {
  const names = [
    null,
    {},
    { IdentityName: '' },
    { IdentityName: 7 },
    { IdentityName: 'x'.repeat(2000) },
    { IdentityName: 'a.example.com' },
    { IdentityName: 'A.Example.com.' },
  ];
  await sesAnswers((path) => (path.endsWith('list-identities') ? { EmailIdentities: names } : { IdentityType: 'DOMAIN' }));
  const { inventory } = await refresh();
  expect(inventory).toMatchObject({
    complete: true,
    unread: [],
    identities: [{ identity: 'a.example.com', method: 'easy', tokens: [], ses: { status: 'UNKNOWN' } }],
  });
});

test.each([
  ['an answer that is not JSON', '<html>'],
  ['an empty object', {}],
  ['a list where the object should be', []],
  ['fields of the wrong types', { DkimAttributes: 'x', VerificationInfo: [1], Tags: { a: 1 }, IdentityType: 5 }],
])('%s about an identity: never a crash, never "well"', async (_what, answer) => {
  await sesAnswers((path) =>
    path.endsWith('list-identities') ? { EmailIdentities: [{ IdentityName: 'a.example.com', IdentityType: 'DOMAIN' }] } : answer,
  );
  const { inventory, gap } = await refresh();
  if (inventory.identities.length === 0) expect(gap?.reason).toBe('error');
  else expect(inventory.identities).toMatchObject([{ tokens: [], ses: { status: 'UNKNOWN' } }]);
});

test('a name full of control characters is asked for as it is, and kept harmless', async () => {
  const asked: string[] = [];
  await sesAnswers((path) => {
    asked.push(decodeURIComponent(path));
    return path.endsWith('list-identities')
      ? { EmailIdentities: [{ IdentityName: 'a\u001b[31m\u202e.example.com', IdentityType: 'DOMAIN' }] }
      : {};
  });
  const { inventory } = await refresh();
  expect(asked[1]).toBe('/v2/email/identities/a\u001b[31m\u202e.example.com');
  expect(inventory.identities).toMatchObject([{ identity: 'a\\u001b[31m\\u202e.example.com' }]);
  expect(inventory.identities[0]?.domain).toBeUndefined();
});

test('nobody listens: SES did not answer', async () => {
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
  const { gap } = await refresh();
  expect(gap).toMatchObject({ reason: 'error', detail: expect.stringMatching(/did not answer.*ECONNREFUSED/) });
});

test('no credentials: the gap says so', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  const { gap } = await refresh();
  expect(gap).toMatchObject({ reason: 'denied', detail: expect.stringContaining('No usable AWS credentials were found') });
});

test.each(['ses', 'sts'])('%s never answers: each call is bounded, and the run ends with a gap', async (service) => {
  estate.sandbox.aws.faults.push({ service, status: 500, code: 'x', hang: true });
  const { gap } = await estate.open({ callTimeoutMs: 40 }).refresh(IN_MEMBER, undefined, estate.now() + NO_HURRY);
  expect(gap?.detail).toMatch(/did not answer/);
  expect(gap?.reason).toBe('error');
});

test('what could not be read is logged, without a secret, and not without end', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', [...domains(31), easyIdentity('a.example.com', { region: 'eu-west-1' })]);
  const message = `token ${'A1b2'.repeat(30)}`;
  for (const { name } of domains(31))
    estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', identity: name, status: 400, code: 'BadRequestException', message });
  const lines: unknown[] = [];
  const reader = estate.open({ log: (...line) => lines.push(line) });
  const { inventory } = await reader.refresh(AT_HOME, undefined, estate.now() + NO_HURRY);
  lines.length = 0;
  // One can be read: it is not the target's trouble.
  estate.sandbox.aws.faults.splice(30, 1);
  const again = { statusDue: false, wrong: new Set<string>(), inventoryEveryMs: 3_600_000, detailsEveryMs: 86_400_000 };
  const { inventory: second } = await reader.refresh(AT_HOME, inventory, estate.now() + NO_HURRY, undefined, again);
  expect(second.unread.length).toBeGreaterThan(20);
  expect(lines).toHaveLength(20);
  expect(lines[0]).toMatchObject(['warn', 'identity-unread', { account: HOME, region: 'eu-west-1', reason: 'error' }]);
  expect(JSON.stringify(lines)).not.toContain('A1b2A1b2');
});
