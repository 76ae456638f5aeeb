// What passes by itself is told only once it lasts; a refusal is told at once. And the words for each reason.
import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { wordsFor } from '../../lambda/diagnosis/catalog.ts';
import { targetUnreadable } from '../../lambda/diagnosis/rules/target-unreadable.ts';
import type { Subject } from '../../lambda/model/alert.ts';
import { DAMAGED_MEMORY, type GapReason, type Target } from '../../lambda/model/identity.ts';
import { loadTarget } from '../../lambda/sweep/target-memory.ts';

const severityAfter = (reason: GapReason, minutes: number): string => {
  const since = '2026-03-01T00:00:00.000Z';
  const now = new Date(Date.parse(since) + minutes * 60_000).toISOString();
  return targetUnreadable({ reason, detail: 'x', since, identities: 0 }, now).severity;
};

test.each([
  ['throttled', 0, 'notice'],
  ['throttled', 29, 'notice'],
  ['throttled', 30, 'warning'],
  ['out-of-time', 5, 'notice'],
  ['error', 5, 'notice'],
  ['error', 24 * 60, 'critical'],
  ['role-refused', 0, 'warning'],
  ['denied', 0, 'warning'],
  ['region-off', 0, 'warning'],
  ['denied', 24 * 60, 'critical'],
] as const)('%s for %i minutes: %s', (reason, minutes, severity) => {
  expect(severityAfter(reason, minutes)).toBe(severity);
});

const NOW = '2026-03-01T00:00:00.000Z';
const SUBJECT: Subject = { ...EXAMPLE_SUBJECT, account: '222222222222', region: 'eu-south-1', identity: '' };
const wordsOf = (reason: GapReason, detail = 'It was so.', subject = SUBJECT) => {
  const { title, meaning, fix } = wordsFor(targetUnreadable({ reason, detail, since: NOW, identities: 3 }, NOW), subject);
  return { title, meaning, fix: fix.join('\n') };
};

test.each([
  ['role-refused', 'npx cdk deploy --app "npx tsx bin/member.ts" -c hub=HUB_ACCOUNT -c externalId=EXTERNAL_ID'],
  ['denied', 'npx cdk deploy --app "npx tsx bin/member.ts" -c hub=HUB_ACCOUNT -c externalId=EXTERNAL_ID'],
  ['region-off', 'aws account enable-region --region-name eu-south-1'],
  ['throttled', 'aws cloudtrail lookup-events --region eu-south-1 '],
  ['out-of-time', '"inventoryEvery"'],
  ['error', 'what-was-not-seen'],
] as const)('%s has one concrete thing to do', (reason, what) => {
  const { title, fix } = wordsOf(reason);
  expect(title).toBe('The monitor cannot read SES: account 222222222222, eu-south-1');
  expect(fix).toContain(what);
});

test('a region that this version does not know is not switched on', () => {
  const { fix } = wordsOf('region-off', 'x', { ...SUBJECT, region: 'xx-nowhere-1' });
  expect(fix).toContain('take xx-nowhere-1 out of "regions"');
  expect(fix).not.toContain('enable-region');
});

test('what is no region gets into no command', () => {
  for (const reason of ['region-off', 'throttled', 'error'] as const) {
    const { fix } = wordsOf(reason, `${DAMAGED_MEMORY}: history/x`, { ...SUBJECT, region: 'x; rm -rf ~' });
    for (const line of fix.split('\n').filter((one) => one.startsWith('aws '))) expect(line).not.toContain('rm -rf');
  }
});

test.each(['inventory', 'history'] as const)(
  'a damaged memory (%s) is our own fault, and the object is named in the command',
  async (room) => {
    const target = { account: '222222222222', region: 'eu-south-1' } as Target;
    const loaded = await loadTarget(target, {
      read: (blob) =>
        Promise.resolve(blob.startsWith(room) ? { kind: 'unreadable', detail: `${blob}: It is not JSON.` } : { kind: 'absent' }),
      write: () => Promise.resolve({ kind: 'conflict' }),
    });
    if (loaded.kind !== 'unreadable') throw new Error('the memory should be unreadable');
    const { title, meaning, fix } = wordsOf('error', loaded.detail);
    expect(title).toBe('The monitor cannot read its own memory: account 222222222222, eu-south-1');
    expect(meaning).toContain('SES itself is not at fault');
    expect(meaning).not.toMatch(/nothing new is known of SES|Reading it failed/);
    expect(fix).toContain(`aws s3 rm s3://MEMORY_BUCKET/${room}/222222222222/eu-south-1.json.gz`);
    expect(fix).toContain('Delete nothing then');
  },
);
