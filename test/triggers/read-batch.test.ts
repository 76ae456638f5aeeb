// A batch of queued events becomes one focus: each name once, bounded, with what was left aside counted.
import { queuedEvents } from '../../lambda/triggers/queued-events.ts';
import { readBatch } from '../../lambda/triggers/read-batch.ts';
import { callEvent, healthEvent, recordsEvent, WATCHED } from './events.ts';

const HERE = `${WATCHED.account}/${WATCHED.region}`;
const TARGETS = new Set([HERE]);
const messages = (events: readonly unknown[]) => events.map((event, i) => ({ messageId: `m${i}`, body: JSON.stringify(event) }));
const created = (name: string) => callEvent('ses', 'CreateEmailIdentity', { emailIdentity: name });

test('only a batch of SQS is one', () => {
  const record = { messageId: 'm', eventSource: 'aws:sqs', body: '{}' };
  expect(queuedEvents({ Records: [record] })).toEqual([{ messageId: 'm', body: '{}' }]);
  expect(queuedEvents({ Records: [{ ...record, eventSource: 'aws:sns' }] })).toBeUndefined();
  expect(queuedEvents({ Records: [null] })).toBeUndefined();
  for (const other of [{ source: 'aws.events' }, {}, null, 'x', { Records: [] }]) expect(queuedEvents(other)).toBeUndefined();
});

test('a thousand events about three things name three things', () => {
  const events = Array.from(
    { length: 1000 },
    (_, i) =>
      [
        created('a.example'),
        healthEvent('AWS_SES_DKIM_PENDING_TO_VERIFIED', ['b.example']),
        recordsEvent([['DELETE', 'CNAME', 'x._domainkey.c.example.']]),
      ][i % 3],
  );
  const batch = readBatch(messages(events), TARGETS);
  expect([...batch.focus.named]).toEqual([[HERE, { names: ['a.example', 'b.example'], whole: false }]]);
  expect(batch.focus.changed).toEqual([{ name: 'x._domainkey.c.example', below: false }]);
  expect(batch).toMatchObject({ ignored: [], dropped: 0 });
  expect(batch.messageIds).toHaveLength(1000);
});

test('what is left aside does not come back', () => {
  const batch = readBatch(messages([created('a.example'), { source: 'aws.ec2' }]), TARGETS);
  expect(batch.messageIds).toEqual(['m0']);
  expect(batch.ignored).toEqual([{ messageId: 'm1', why: 'foreign' }]);
});

test('more names than SES can be asked for are dropped and counted', () => {
  const batch = readBatch(messages(Array.from({ length: 250 }, (_, i) => created(`d${i}.example`))), TARGETS);
  expect(batch.focus.named.get(HERE)?.names).toHaveLength(100);
  expect(batch.dropped).toBe(150);
});

test('an event about a whole target does not forget those that are named', () => {
  const batch = readBatch(messages([created('new.example'), healthEvent('AWS_SES_DKIM_X', [])]), TARGETS);
  expect(batch.focus.named.get(HERE)).toEqual({ names: ['new.example'], whole: true });
});

test('a delegation is not narrowed by a record of the same name', () => {
  const ns = recordsEvent([['UPSERT', 'NS', 'a.example.']]);
  const txt = recordsEvent([['UPSERT', 'TXT', 'a.example.']]);
  for (const order of [
    [ns, txt],
    [txt, ns],
  ])
    expect(readBatch(messages(order), TARGETS).focus.changed).toEqual([{ name: 'a.example', below: true }]);
});
