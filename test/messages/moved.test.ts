// A group whose domains moved and left their records behind: who moved, from where to where, and when that is said.
import { moveName, withMove } from '../../lambda/messages/moved.ts';
import type { AffectedIdentity } from '../../lambda/model/alert.ts';
import { finding } from '../alerts/build.ts';
import { subject } from './build.ts';

const OLD = ['a.former.example', 'b.former.example'];
const NEW = ['ns1.host.example', 'ns2.host.example'];

const lost = (facts: object): AffectedIdentity => {
  const one = finding('record-missing', 'critical', ['abc']);
  return { subject: subject(), findings: [{ ...one, facts: { ...one.facts, ...facts } } as typeof one] };
};
const moved = lost({ movedFrom: OLD, nameServers: NEW });
const stayed = lost({ nameServers: NEW });
const says = (...affected: readonly AffectedIdentity[]): string => withMove({ affected }, 'Ask there.');
const name = (by: Parameters<typeof moveName>[1], ...affected: readonly AffectedIdentity[]) => moveName({ affected }, by, 'servers x +1');

test('all moved: the new host is where to publish, not whom to ask', () => {
  expect(says(moved, moved)).toMatch(/^All of them moved from a\.former\.example and b\.former\.example to ns1\.host\.example and ns2/);
  expect(says(moved, moved)).toContain('Publish the records at the new name servers, or copy them there from the old ones');
  expect(says(moved)).toMatch(/^It moved .* its DKIM records/);
});

test('some moved: said beside what they have in common; none moved: nothing changes', () => {
  expect(says(moved, stayed, stayed)).toMatch(/^Ask there\. 1 of them moved from .* and its DKIM records/);
  expect(says(stayed, stayed)).toBe('Ask there.');
});

test('nobody watched the move, and the server that SES looked at still has the records', () => {
  expect(says(lost({ stillAt: 'a.former.example', nameServers: NEW }))).toContain('moved from a.former.example to ns1.host.example');
});

test('a move to many hosts names a few of them', () => {
  const many = [...Array(9).keys()].map((i) => lost({ movedFrom: OLD, nameServers: [`ns${i}.host.example`] }));
  expect(says(...many)).toContain('to ns0.host.example, ns1.host.example, ns2.host.example, ns3.host.example and 5 more, and their');
});

test('a subject says it only of all of them', () => {
  expect(name('servers', moved, moved)).toBe('moved to servers x +1');
  expect(name('zone', moved)).toBe('servers x +1 moved');
  expect(name('several', moved, moved)).toBe('moved to other servers');
  expect(name('servers', moved, stayed)).toBeUndefined();
});
