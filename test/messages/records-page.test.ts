// The page of `dkim-monitor records`: golden/records-*.txt.
import { EXAMPLE_KEY_RECORD, EXAMPLE_RECORDS, EXAMPLE_ZONE } from '../../lambda/diagnosis/catalog/example.ts';
import { recordForms } from '../../lambda/diagnosis/fixes.ts';
import { RECORD_FORMATS, recordsNotes, recordsPage, recordsToPaste } from '../../lambda/messages/records-page.ts';
import type { RecordSheet, SheetPlace } from '../../lambda/model/record-sheet.ts';
import { DANGEROUS } from './build.ts';
import { golden } from './golden-file.ts';

const screen = { width: 80, color: false, now: '2026-03-01T14:05:00.000Z' };
const forms = recordForms(EXAMPLE_RECORDS.slice(0, 2), EXAMPLE_ZONE);
const place = (more: Partial<SheetPlace> = {}): SheetPlace => ({
  account: '111111111111',
  region: 'eu-west-1',
  method: 'easy',
  status: 'SUCCESS',
  notes: [],
  forms,
  ...more,
});
const sheet = (places: readonly SheetPlace[], more: Partial<RecordSheet> = {}): RecordSheet => ({
  identity: 'example.com',
  zone: 'example.com',
  places,
  all: places.find((one) => one.forms !== undefined)?.forms ?? recordForms([], undefined),
  ...more,
});
const { forms: _, ...none } = place({
  region: 'us-east-1',
  status: 'NOT_STARTED',
  why: 'nothing',
  problem: 'Nothing to publish yet. To start it:\naws ses verify-domain-dkim --region us-east-1 --domain example.com',
});
const replica = place({
  region: 'ap-south-1',
  method: 'deed',
  parentRegion: 'eu-west-1',
  notes: ['A replica: these are the records of its parent.'],
});

test('several places: each with its own, a twin named, and one without', () => {
  golden('records-several', recordsPage(sheet([place(), replica, none]), screen));
});

test('a key, without the zone, on a narrow screen', () => {
  const key = recordForms([EXAMPLE_KEY_RECORD], undefined);
  const { account: _account, region: _region, status: _status, ...typed } = place({ method: 'byodkim', forms: key });
  const { zone: _zone, ...found } = sheet([{ ...typed, notes: ['Put your key in its place:\nopenssl rsa -in private.pem'] }], { all: key });
  golden('records-key-narrow', recordsPage({ ...found, zoneUnknown: 'No resolver answered.' }, { ...screen, width: 60 }));
});

test('notes go beside a form, not into it', () => {
  const found = sheet([replica, none], { zoneUnknown: 'No resolver answered.' });
  const notes = recordsNotes(found, 'cli').join('\n');
  for (const part of ['Names are given in full', 'ap-south-1: A replica', 'Nothing to publish yet', 'ZONE_ID'])
    expect(notes).toContain(part);
  for (const format of RECORD_FORMATS) expect(recordsToPaste(found, format)).not.toMatch(/replica|Nothing|given in full/);
  expect(recordsNotes(found, 'bind').join('\n')).not.toContain('ZONE_ID');
});

test('nothing at all is nothing at all', () => {
  for (const format of RECORD_FORMATS) expect(recordsToPaste(sheet([none]), format)).toBe('');
  expect(recordsNotes(sheet([none]), 'cli')).toEqual([none.problem]);
});

test('whatever the texts are, nothing can speak to the terminal', () => {
  const bad = 'a\u001b]0;owned\u0007\u202e';
  const hostile = place({ account: bad, region: bad, notes: [bad], problem: `${bad}\n${bad}` });
  const page = recordsPage(sheet([hostile], { identity: bad, zone: bad }), screen);
  expect(DANGEROUS.exec(page)).toBeNull();
});
