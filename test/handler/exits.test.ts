// The real handler on the sandbox with an event bus beside the topic: a sweep and an early check put their messages there too.
import { tokensFor } from '../../sandbox/aws/identities.ts';
import { SHOP } from '../../sandbox/scenarios/first-light.ts';
import { recordsEvent } from '../triggers/events.ts';
import { type SmallFunction, smallFunction } from './small-function.ts';

let fn: SmallFunction;
beforeAll(async () => {
  fn = await smallFunction({ alerts: { email: ['dns@example.com'], eventBus: 'default' } });
}, 60_000);
afterAll(() => fn?.close());

const types = (): readonly string[] => fn.sandbox.aws.events.map(({ detailType }) => detailType);

test('the first look of a sweep, then what an early check tells', async () => {
  await fn.sweep();
  expect(types()).toEqual(['DKIM First Look']);
  const [, token] = tokensFor(SHOP, 'eu-west-1');
  fn.sandbox.dns.removeRecord(SHOP, `${token}._domainkey`, 'CNAME');
  const gone = recordsEvent([['DELETE', 'CNAME', `${token}._domainkey.${SHOP}.`]], { account: '999999999999' });
  expect(await fn.batch([gone])).toEqual({ batchItemFailures: [] });
  expect(types()).toEqual(['DKIM First Look', 'DKIM Alert Opened']);
  expect(fn.sandbox.aws.events[1]?.detail).toMatchObject({ schema: 1, event: 'opened', identities: [{ identity: SHOP }] });
  await fn.sweep();
  expect(types()).toHaveLength(2);
}, 60_000);
