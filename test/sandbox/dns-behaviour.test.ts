// Each way in which a server of the sandbox can misbehave, as an asker sees it, and what the resolver makes of it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Behaviour } from '../../sandbox/dns/behaviour.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { answerTo, ask, askRaw, told } from './ask.ts';

const FIRST = '198.51.100.31';
const SECOND = '198.51.100.32';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    aws: {},
    dns: {
      nameServers: { 'ns1.hoster.net': [FIRST], 'ns2.hoster.net': [SECOND] },
      zones: {
        'shop.com': {
          ns: ['ns1.hoster.net', 'ns2.hoster.net'],
          records: { '@': { A: '203.0.113.80' }, text: { TXT: 'hello' }, 'a.b': { TXT: 'deep' }, big: { TXT: 'x'.repeat(600) } },
        },
        'quiet.com': { ns: ['ns1.hoster.net'], records: { '@': { TXT: 'quiet' } } },
      },
    },
  });
});
afterEach(() => sandbox.dns.behaveWell());
afterAll(() => sandbox.close());

const first = () => sandbox.routes[FIRST];
const misbehave = (behaviour: Behaviour, more: object = {}) => sandbox.dns.behave({ servers: [FIRST], behaviour, ...more });
const EDNS = { edns: 1232, patienceMs: 80 };

describe('a server that', () => {
  it('is silent says nothing', async () => {
    misbehave({ kind: 'silent' });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toBe('silent');
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true, patienceMs: 80 })).toBe('silent');
  });

  it.each(['REFUSED', 'SERVFAIL', 'NOTIMP', 'FORMERR', 'NXDOMAIN'] as const)('fails with %s', async (rcode) => {
    misbehave({ kind: 'rcode', rcode });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toMatchObject({ rcode, aa: false, answers: [] });
  });

  it('fails only for TXT answers the rest', async () => {
    misbehave({ kind: 'rcode', rcode: 'SERVFAIL' }, { types: ['TXT'] });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toMatchObject({ rcode: 'SERVFAIL' });
    expect(await ask(first(), 'shop.com', 'A', EDNS)).toMatchObject({ rcode: 'NOERROR' });
  });

  it('fails only below a name answers the rest', async () => {
    misbehave({ kind: 'silent' }, { names: ['B.shop.com'] });
    expect(await ask(first(), 'a.b.shop.com', 'TXT', EDNS)).toBe('silent');
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toMatchObject({ rcode: 'NOERROR' });
  });

  it.each([
    ['formerr', { rcode: 'FORMERR', edns: undefined }],
    ['notimp', { rcode: 'NOTIMP', edns: undefined }],
    ['ignores', { rcode: 'NOERROR', edns: undefined }],
  ] as const)('knows no EDNS (%s) answers without it', async (how, expected) => {
    misbehave({ kind: 'no-edns', how });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toMatchObject(expected);
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR', answers: ['text.shop.com TXT "hello"'] });
  });

  it('drops EDNS questions is silent to them', async () => {
    misbehave({ kind: 'no-edns', how: 'silent' });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toBe('silent');
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR' });
  });

  it('truncates everything answers over TCP, or hangs up there', async () => {
    misbehave({ kind: 'truncate' });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toMatchObject({ tc: true, answers: [] });
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true })).toMatchObject({ tc: false, answers: ['text.shop.com TXT "hello"'] });
    misbehave({ kind: 'hang-up' });
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true, patienceMs: 1000 })).toBe('silent');
  });

  it('is lame answers without AA, or refers upwards', async () => {
    const undo = misbehave({ kind: 'lame', how: 'not-authoritative' });
    expect(await ask(first(), 'text.shop.com', 'TXT', EDNS)).toMatchObject({ aa: false, answers: ['text.shop.com TXT "hello"'] });
    undo();
    misbehave({ kind: 'lame', how: 'upward-referral' });
    const answer = await answerTo(first(), 'text.shop.com', 'TXT', EDNS);
    expect(answer).toMatchObject({ aa: false, answers: [] });
    expect(answer.authority[0]).toBe('. NS a.root-servers.net');
  });

  it('answers with another id, another question, or in lower case', async () => {
    const undo = misbehave({ kind: 'wrong-id' });
    expect(await ask(first(), 'text.shop.com', 'TXT', { id: 1000 })).toMatchObject({ id: 1001 });
    undo();
    const undoQuestion = misbehave({ kind: 'wrong-question' });
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ question: 'other.text.shop.com TXT' });
    undoQuestion();
    misbehave({ kind: 'lower-case' });
    expect(await ask(first(), 'TEXT.shop.com', 'TXT')).toMatchObject({ question: 'text.shop.com TXT' });
  });

  it('is slow answers later', async () => {
    misbehave({ kind: 'delay', ms: 120 });
    expect(await ask(first(), 'text.shop.com', 'TXT', { patienceMs: 40 })).toBe('silent');
    expect(await ask(first(), 'text.shop.com', 'TXT', { patienceMs: 2000 })).toMatchObject({ rcode: 'NOERROR' });
  });

  it('drips over TCP answers whole in the end', async () => {
    misbehave({ kind: 'drip', bytes: 7, everyMs: 2 });
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true, patienceMs: 2000 })).toMatchObject({
      answers: ['text.shop.com TXT "hello"'],
    });
  });

  it('loses a share of the questions loses exactly that share, evenly', async () => {
    misbehave({ kind: 'lose', percent: 50 });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => ask(first(), 'text.shop.com', 'TXT', { patienceMs: 100 })));
    expect(outcomes.filter((outcome) => outcome === 'silent')).toHaveLength(2);
  });

  it('misbehaves a number of times recovers', async () => {
    misbehave({ kind: 'rcode', rcode: 'SERVFAIL' }, { times: 1 });
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'SERVFAIL' });
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR' });
  });

  it('misbehaves over one transport only is fine over the other', async () => {
    misbehave({ kind: 'rcode', rcode: 'REFUSED' }, { transport: 'udp' });
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'REFUSED' });
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true })).toMatchObject({ rcode: 'NOERROR' });
  });

  it('says something else says just that', async () => {
    misbehave({ kind: 'says', answer: (_, truth) => ({ ...truth, answers: [...truth.answers, ...truth.answers] }) });
    expect((await answerTo(first(), 'text.shop.com', 'TXT')).answers).toHaveLength(2);
  });

  it.each(['noise', 'cut', 'pointer-loop', 'lying-counts'] as const)('sends garbage (%s) sends what a decoder rejects', async (how) => {
    misbehave({ kind: 'garbage', how });
    const question = Buffer.from('123401000001000000000000047465787404' + '73686f7003636f6d0000100001', 'hex');
    const bytes = await askRaw(first(), question);
    expect(bytes?.readUInt16BE(0)).toBe(0x1234);
    expect(() => told(bytes ?? Buffer.alloc(0))).toThrow();
  });

  it('has its port closed refuses, and comes back at the same port', async () => {
    await sandbox.dns.setOpen(FIRST, false);
    expect(await ask(first(), 'text.shop.com', 'TXT')).toBe('closed');
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true })).toBe('closed');
    await sandbox.dns.setOpen(FIRST, true);
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR' });
    await sandbox.dns.setOpen(FIRST, false, 'tcp');
    expect(await ask(first(), 'text.shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR' });
    expect(await ask(first(), 'text.shop.com', 'TXT', { tcp: true })).toBe('closed');
    await sandbox.dns.setOpen(FIRST, true);
  });
});

describe('the resolver over misbehaving servers', () => {
  const resolved = (name: string) => answerTo(sandbox.resolver, name, 'TXT', { rd: true });

  it('uses another server', async () => {
    misbehave({ kind: 'silent' });
    expect(await resolved('text.shop.com')).toMatchObject({ rcode: 'NOERROR', answers: ['text.shop.com TXT "hello"'] });
    await sandbox.dns.setOpen(FIRST, false);
    expect(await resolved('text.shop.com')).toMatchObject({ rcode: 'NOERROR' });
    await sandbox.dns.setOpen(FIRST, true);
  });

  const useless: Behaviour[] = [
    { kind: 'silent' },
    { kind: 'rcode', rcode: 'SERVFAIL' },
    { kind: 'rcode', rcode: 'REFUSED' },
    { kind: 'lame', how: 'upward-referral' },
    { kind: 'lame', how: 'not-authoritative' },
    { kind: 'garbage', how: 'noise' },
    { kind: 'wrong-id' },
    { kind: 'delay', ms: 5000 },
  ];
  it.each(useless)('says SERVFAIL when every server of the zone is useless: %j', async (behaviour) => {
    sandbox.dns.behave({ servers: ['zone:quiet.com'], names: ['quiet.com'], behaviour });
    expect(await resolved('quiet.com')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });

  it('can itself be down', async () => {
    sandbox.dns.behave({ servers: ['resolver'], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } });
    expect(await resolved('text.shop.com')).toMatchObject({ rcode: 'SERVFAIL' });
  });

  it('is not hit by rules for all authoritative servers, but cannot answer without them', async () => {
    sandbox.dns.behave({ behaviour: { kind: 'silent' } });
    expect(await resolved('text.shop.com')).toMatchObject({ rcode: 'SERVFAIL' });
  });
});
