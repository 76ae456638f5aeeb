// The subject of a group: within its length by leaving out whole parts, never by cutting words.
import { renderTelling } from '../../lambda/messages/render.ts';
import type { AlertEvent, Cause } from '../../lambda/model/alert.ts';
import { finding } from '../alerts/build.ts';
import { alert, NOW, subject } from './build.ts';

const hit = (n: number) => [...Array(n).keys()].map((i) => ({ subject: subject(`c${i}.example`), findings: [finding()] }));

function subjectOf(cause: Cause, event: AlertEvent = 'escalated'): string {
  const group = alert({ id: 'group-1', affected: hit(40), most: 2996, cause });
  const clock = { name: 'verification-ends', at: NOW, estimated: true, within: 24 } as const;
  return renderTelling(
    {
      kind: 'summary',
      occasion: 'one-cause',
      event,
      alertId: group.id,
      messageId: 'm1',
      alerts: [alert({})],
      group: { alert: group, reason: 'deadline-near', ...(event === 'escalated' ? { clock } : {}) },
      targets: [],
    },
    NOW,
  ).subject;
}

const TAG = '[CRITICAL, UNDER 24 H LEFT]';

test.each<[string, Cause, string]>([
  ['all of it fits', { by: 'zone', names: ['a.example'] }, '40 of 2,996 identities left with DKIM trouble, zone a.example'],
  ['a word less', { by: 'servers', names: ['ns1.host.example', 'ns2'] }, '40 of 2,996 left with DKIM trouble, servers ns1.host.example +1'],
  [
    'without the place',
    { by: 'servers', names: ['ns1.very-long-name-1.host.example', 'ns2'] },
    '40 of 2,996 identities left with DKIM trouble',
  ],
])('%s', (_title, cause, expected) => expect(subjectOf(cause)).toBe(`${TAG} ${expected}`));

test('one very long name is cut in its middle, as the name of an identity is', () => {
  const long = `${'customer-'.repeat(6)}1.example`;
  expect(subjectOf({ by: 'zone', names: [long] }, 'changed')).toMatch(
    /^\[CRITICAL, CHANGED\] 40 of 2,996 left with DKIM trouble, zone customer-.*\.{3}.*1\.example$/,
  );
});
