// A route's part of a group whose members were muted, deleted or seen well.
import { shareOf } from '../../lambda/sweep/shares.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Route } from '../../lambda/model/policy.ts';
import { at, HOUR } from '../alerts/build.ts';
import { Estate, events, name, states } from './estate.ts';

const route = (...which: readonly number[]): Route => ({ exit: 'team', accounts: [], regions: [], identities: which.map(name), tags: {}, exclusive: false });
const text = (telling: Parameters<typeof renderTelling>[0] | undefined, ms: number): string =>
  telling === undefined ? '' : renderTelling(telling, at(ms)).email.replace(/\s+/g, ' ');

test('one of three of a route was muted, two were repaired: the route hears the end of what it heard begin', () => {
  const host = Estate.introduced();
  const [opened] = host.look(0, states(20, () => 'broken'));
  const team = route(0, 1, 2);
  const heard: string[] = [];
  const tell = (told: ReturnType<Estate['look']>): void => {
    for (const telling of told) {
      const share = shareOf(telling, team, () => heard.length > 0);
      if (share.telling) heard.push(share.telling.event);
    }
  };
  tell(opened ? [opened] : []);
  host.mute(0);
  tell(host.look(2 * HOUR, states(20, (i) => (i > 0 && i < 12 ? 'well' : 'broken'))));
  const end = host.look(4 * HOUR, states(20, (i) => (i === 0 ? 'broken' : 'well')));
  expect(events(end)).toEqual(['recovered']);
  tell(end);
  expect(heard.at(-1)).toBe('recovered');
});

test('what is said of those set aside counts only the route’s own', () => {
  const host = Estate.introduced();
  host.look(0, states(20, () => 'broken'));
  host.mute(10, 11, 12, 13);
  host.look(HOUR, states(20, () => 'broken'));
  const [reminder] = host.look(26 * HOUR, states(20, () => 'broken'));
  expect(reminder?.event).toBe('reminder');
  if (reminder === undefined) return;
  const share = shareOf(reminder, route(0, 1, 2), () => true);
  expect(text(share.telling, 26 * HOUR)).not.toContain('Of 4 more nothing is said');
});

test('a route whose own are the only ones left hears first that it began', () => {
  const host = Estate.introduced();
  host.look(0, states(20, (i) => (i < 10 ? 'broken' : 'well')));
  const [changed] = host.look(2 * HOUR, states(20, (i) => (i >= 10 && i < 13 ? 'broken' : 'well')));
  expect(changed?.event).toBe('changed');
  if (changed === undefined) return;
  expect(shareOf(changed, route(10, 11, 12), () => false).telling?.event).toBe('opened');
});
