// docs/alerts.md against the code: attributes, detail-types, and examples that would work.
import { readFileSync } from 'node:fs';
import { parseConfiguration } from '../../lambda/configuration.ts';
import { DETAIL_TYPES, EVENT_SOURCE, FIRST_LOOK } from '../../lambda/messages/event.ts';
import { snsPayload } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import { MAX_UNSENT } from '../../lambda/sweep/outbox.ts';
import { alert, NOW } from '../messages/build.ts';

const page = readFileSync('docs/alerts.md', 'utf8');
const attributes = Object.keys(
  snsPayload(renderTelling({ kind: 'alert', event: 'opened', reason: 'new', alert: alert(), messageId: 'm1' }, NOW)).MessageAttributes,
);
const examples = [...page.matchAll(/^```json\n([\s\S]*?)```$/gm)].map((match) => JSON.parse(match[1] ?? '') as Record<string, unknown>);

test('the table of attributes has every attribute, and no other', () => {
  const table = page.slice(page.indexOf('| attribute |'), page.indexOf('Nine attributes'));
  const named = [...table.matchAll(/^\| ((?:`\w+` ?)+)\|/gm)].flatMap((row) => [...(row[1] ?? '').matchAll(/`(\w+)`/g)].map((m) => m[1]));
  expect(named.sort()).toEqual([...attributes].sort());
  expect(attributes).toHaveLength(9);
});

test('the table of events has every detail-type', () => {
  // A test is sent to a topic by hand, and never to a bus.
  const { test: _test, ...sent } = DETAIL_TYPES;
  for (const [event, type] of Object.entries(sent)) expect(page).toContain(`| \`${event}\` | ${type} |`);
  expect(page).toContain(`| ${FIRST_LOOK} |`);
});

test('filter policies name attributes, rules name events', () => {
  expect(examples).toHaveLength(4);
  const types = Object.values(DETAIL_TYPES);
  for (const example of examples) {
    if ('source' in example) {
      expect(example.source).toEqual([EVENT_SOURCE]);
      expect((example['detail-type'] as string[]).filter((type) => !types.includes(type))).toEqual([]);
    } else expect(Object.keys(example).filter((name) => !attributes.includes(name))).toEqual([]);
  }
});

test('the configuration shown is one', () => {
  const shown = /```jsonc\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const text = shown
    .replace(/\/\/.*$/gm, '')
    .replaceAll('T…', 'T0123ABCD')
    .replaceAll('C…', 'C0456EFGH');
  const read = parseConfiguration(JSON.parse(`{ ${text} }`));
  expect(read.ok ? [] : read.problems).toEqual([]);
});

test('its bounds are those of the code', () => {
  expect(page).toContain(`at most ${MAX_UNSENT} messages`);
});

test('it keeps the place of the generated table', () => {
  expect(page.indexOf('<!-- generated: states -->')).toBeLessThan(page.indexOf('<!-- end -->'));
});
