// The pages of `dkim-monitor explain`, for people: golden/explain-*.txt.
import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import { explain, kindsInOrder } from '../../lambda/diagnosis/explain.ts';
import { explainList, explainPage } from '../../lambda/messages/explain-page.ts';
import type { Explanation } from '../../lambda/model/explanation.ts';
import { findingsPage } from '../../scripts/generate-findings-doc.ts';
import { DANGEROUS } from './build.ts';
import { golden } from './golden-file.ts';

const screen = { width: 80, color: false, now: '2026-03-01T14:05:00.000Z' };
const some = (['record-missing', 'key-malformed', 'signing-disabled', 'revoked', 'target-unreadable'] as const).map(explain);

test('the list, on a wide and on a narrow screen', () => {
  golden('explain-list-wide', explainList(some, { ...screen, width: 120 }));
  golden('explain-list-narrow', explainList(some, { ...screen, width: 60 }));
});

test('the page of one kind', () => {
  golden('explain-signing-disabled', explainPage({ ...explain('signing-disabled'), hiddenBy: ['domain-gone'] }, screen));
  golden('explain-target-unreadable', explainPage(explain('target-unreadable'), { ...screen, width: 60 }));
});

test('the page of every kind: its example in full, its place, how to mute it, within the width', () => {
  for (const kind of kindsInOrder()) {
    const one = explain(kind);
    for (const width of [60, 80, 120]) {
      const page = explainPage(one, { ...screen, width });
      const text = page.replace(/\s+/g, ' ');
      for (const part of [one.summary, one.found, one.example.title, one.example.meaning, 'What to do', 'Not told beside', 'Hides'])
        expect(text).toContain(part.replace(/\s+/g, ' '));
      expect(page).toContain(`"identity":"${one.exampleOf}","kinds":["${kind}"],"until":"2026-03-08"`);
      const [facts = '', rest = ''] = page.split('\nFor example');
      const [, place = ''] = rest.split('\nBeside other findings');
      expect(facts).not.toMatch(/Not told beside|Hides/);
      expect(`${facts}\n${place}`.split('\n').filter((line) => line.length > width)).toEqual([]);
      expect(DANGEROUS.exec(page)).toBeNull();
    }
  }
});

test('the example is told at its own time, whatever the time is', () => {
  const page = explainPage(explain('record-missing'), { ...screen, now: '2030-01-01T00:00:00.000Z' });
  expect(page).toContain('in 2 d 23 h');
  expect(page).not.toContain('passed');
});

test('colour adds escape sequences of colour, and nothing else', () => {
  const draws: readonly ((color: boolean) => string)[] = [
    (color) => explainPage(explain('record-missing'), { ...screen, color }),
    (color) => explainList(some, { ...screen, color }),
    (color) => explainList(some, { ...screen, width: 120, color }),
  ];
  for (const draw of draws) {
    expect(draw(true)).not.toBe(draw(false));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
    expect(draw(true).replace(/\u001b\[[0-9]+m/g, '')).toBe(draw(false));
  }
});

test('nothing hides it, hides nothing, and no place in the rulebook', () => {
  const { why: _, alsoHides: _also, ...one }: Explanation = explain('identity-unknown');
  const page = explainPage({ ...one, hiddenBy: [], hides: [] }, screen);
  expect(page).toMatch(/Not told beside {2}nothing hides it\n {2}Hides {12}nothing\n/);
});

test('docs/findings.md: a section for each kind, with its example as the terminal shows it', () => {
  const page = findingsPage();
  for (const kind of kindsInOrder()) {
    const [, section = ''] = page.split(`\n### ${kind}\n`);
    const [own = ''] = section.split('\n### ');
    const [, shown = ''] = /```text\n([\s\S]*?)\n```/.exec(own) ?? [];
    expect(shown.replace(/\s+/g, ' ')).toContain(explain(kind).example.title);
    expect(shown).toContain('What to do');
    expect(own).toContain('**Severity:**');
    expect(own).toContain('**Not told beside:**');
    expect(own).toContain(JSON.stringify(CATALOG[kind].example.facts, undefined, 2));
  }
  expect(page.match(/^## [A-D]\. /gm)).toHaveLength(4);
});
