// The state × event table of docs/alerts.md: what must hold in every cell, whatever the words.
import { cellOf, LIFE_EVENTS, LIFE_STATES, lifeOf } from '../../scripts/generate-alerts-doc.ts';

const cells = LIFE_STATES.flatMap((state) => LIFE_EVENTS.map((event) => ({ state, event, name: `${state.name}: ${event.name}` })));
const toldBefore = ['told', 'closing', 'back', 'back, well'];

test('every cell is a decision', () => {
  expect(cells).toHaveLength(7 * 20);
  for (const { state, event, name } of cells) expect([name, cellOf(state, event)]).not.toContain('');
});

test.each(cells)('$name', ({ state, event }) => {
  const { decision, next } = lifeOf(state, event);
  expect(decision.tell).toBe(decision.event !== undefined);
  switch (decision.event) {
    case 'opened':
      expect(['none', 'untold']).toContain(state.name);
      break;
    case 'reopened':
      expect(state.name).toBe('closed');
      expect(next?.id).toBe(state.closed?.id);
      break;
    case 'recovered':
      expect(event.belief).toMatchObject({ kind: 'healthy', panel: true });
      expect(toldBefore).toContain(state.name);
      break;
    case 'expired':
      expect(event.belief.kind).toBe('gone');
      expect(toldBefore).toContain(state.name);
      break;
    case 'changed':
    case 'reminder':
      expect(event.belief.kind).toBe('broken');
      expect(toldBefore).toContain(state.name);
      break;
    case 'escalated':
      expect(['broken', 'unknown']).toContain(event.belief.kind);
      expect(toldBefore).toContain(state.name);
      break;
    default:
      // Silence forgets nothing but what nobody was told of.
      if (next === undefined) expect([undefined, 'untold']).toContain(state.alert === undefined ? undefined : state.name);
  }
  // Whatever cannot be seen, nothing is forgotten of what was.
  if (event.belief.kind === 'unknown' && decision.event === undefined) expect(next).toEqual(state.alert?.(event.before ?? []));
  if (event.belief.kind === 'unknown' && decision.event !== undefined)
    expect([decision.event, next?.lastSeenAt]).toEqual(['escalated', state.alert?.([]).lastSeenAt]);
});
