// A changed key over many sweeps: it is told, it ends, and the new key is then the one that counts.
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import type { Evidence } from '../../lambda/model/evidence.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import { answer, evidence, hoursAgo, KEY, NOW, OTHER_KEY, rsaKey, txt } from './build.ts';

const THIRD_KEY = rsaKey(2048);
const at = (hour: number): string => hoursAgo(-hour);

/** The hours in which `key-changed` is told, of one sweep an hour; `keyAt` is what is published. */
function toldAt(hours: number, keyAt: (hour: number) => string, ses: (hour: number) => Partial<SesFacts> = () => ({})): readonly number[] {
  const told: number[] = [];
  let history: Evidence['history'];
  for (let hour = 0; hour < hours; hour += 1) {
    const facts = { lastSuccessAt: NOW, lastCheckedAt: NOW, readAt: at(hour), ...ses(hour) };
    const scene = evidence({
      method: 'byodkim',
      ses: facts,
      answer: ({ record, type }) => (type === 'TXT' ? answer(txt(record.name, `p=${keyAt(hour)}`)) : undefined),
    });
    const known = { ...scene, history, now: at(hour) };
    const diagnosis = diagnose(known);
    if (diagnosis.findings.some(({ kind }) => kind === 'key-changed')) told.push(hour);
    // What is kept goes through JSON.
    history = JSON.parse(JSON.stringify(nextHistory(known, diagnosis)));
  }
  return told;
}

const hoursFrom = (first: number, end: number): readonly number[] => Array.from({ length: end - first }, (_, i) => first + i);

test('the stamps of SES stand still: it ends after three days of SUCCESS, and stays ended', () =>
  expect(toldAt(240, (hour) => (hour < 10 ? KEY : OTHER_KEY))).toEqual(hoursFrom(10, 82)));

test('SES looks two hours after the change: it ends there', () =>
  expect(
    toldAt(
      60,
      (hour) => (hour < 10 ? KEY : OTHER_KEY),
      (hour) => (hour >= 12 ? { lastCheckedAt: at(12) } : {}),
    ),
  ).toEqual([10, 11]));

test('going back to the former key after the new one was accepted is a change again', () =>
  expect(toldAt(200, (hour) => (hour >= 10 && hour < 100 ? OTHER_KEY : KEY))).toEqual([...hoursFrom(10, 82), ...hoursFrom(100, 172)]));

test('a third key starts the wait anew', () =>
  expect(toldAt(200, (hour) => (hour < 10 ? KEY : hour < 40 ? OTHER_KEY : THIRD_KEY))).toEqual(hoursFrom(10, 112)));

test('SES is not asked any more: nothing was accepted', () =>
  expect(
    toldAt(
      150,
      (hour) => (hour < 10 ? KEY : OTHER_KEY),
      () => ({ readAt: at(9) }),
    ),
  ).toEqual(hoursFrom(10, 150)));

test('SES doubts the new key for as long as it stands', () =>
  expect(
    toldAt(
      150,
      (hour) => (hour < 10 ? KEY : OTHER_KEY),
      (hour) => (hour < 12 ? {} : { status: 'TEMPORARY_FAILURE', lastCheckedAt: at(hour) }),
    ),
  ).toEqual(hoursFrom(10, 150)));
