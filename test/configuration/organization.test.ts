// The organisation in the configuration: every mistake in one sentence with what was meant, and external ids that nobody guesses.
import { parseConfiguration } from '../../lambda/configuration.ts';
import { parseExternalId } from '../../lambda/external-id.ts';

const EXTERNAL_ID = 'Zt6wQe9yUi2oPa5sDf8g';
const problems = (organization: object, more: object = {}): readonly string[] => {
  const read = parseConfiguration({ organization: { externalId: EXTERNAL_ID, ...organization }, ...more });
  return read.ok ? [] : read.problems;
};

test('the least that is needed, and what it means', () => {
  const read = parseConfiguration({ organization: { include: ['o-a1b2c3d4e5'], externalId: EXTERNAL_ID } });
  expect(read).toMatchObject({ ok: true, value: { organization: { exclude: [], deployRoles: false, deployRolesAs: 'SELF' } } });
});

test.each<[string, object, object, string]>([
  ['nobody', { include: [] }, {}, 'organization.include: must be at least 1.'],
  ['nothing', {}, {}, 'organization.include: must be a list in square brackets, and is missing.'],
  ['a unit by its name', { include: ['Production'] }, {}, 'organization.include[0]: "Production" is not an organisation (o-…)'],
  ['a unit in capitals', { include: ['OU-AB12-PRODUCTION'] }, {}, 'Did you mean "ou-ab12-production"?'],
  ['an underscore', { include: ['ou_ab12_production'] }, {}, 'Did you mean "ou-ab12-production"?'],
  [
    'an ARN',
    { include: ['arn:aws:organizations::111111111111:ou/o-a1b2c3d4e5/ou-ab12-production'] },
    {},
    'Did you mean "ou-ab12-production"? The id alone is enough.',
  ],
  ['an account of ten digits', { include: ['1234567890'] }, {}, 'An account id is twelve digits'],
  ['half an id', { include: ['o-a1'] }, {}, 'The id is too short or too long'],
  ['an account as a number', { include: [111111111111] }, {}, 'organization.include[0]: must be text in double quotes'],
  ['another spelling', { includes: ['o-a1b2c3d4e5'], include: ['o-a1b2c3d4e5'] }, {}, 'Did you mean "include"?'],
  ['twice', { include: ['o-a1b2c3d4e5', 'o-a1b2c3d4e5'] }, {}, 'organization.include[1]: o-a1b2c3d4e5 stands in the list twice.'],
  [
    'in and out',
    { include: ['ou-ab12-production'], exclude: ['ou-ab12-production'] },
    {},
    'organization.exclude[0]: ou-ab12-production stands in include as well',
  ],
  ['all of it out', { include: ['ou-ab12-production'], exclude: ['r-ab12'] }, {}, 'without r-ab12 nothing is left to watch'],
  ['two organisations', { include: ['o-a1b2c3d4e5'], id: 'o-b1b2c3d4e5' }, {}, 'an account is in one organisation only'],
  ['two roots', { include: ['r-ab12', 'r-cd34'] }, {}, 'an organisation has one root only'],
  [
    'an account in both lists',
    { include: ['111111111111'] },
    { accounts: [{ id: '111111111111' }] },
    'accounts[0].id: 111111111111 stands in organization.include as well',
  ],
  [
    'an account watched and excluded',
    { include: ['o-a1b2c3d4e5'], exclude: ['111111111111'] },
    { accounts: [{ id: '111111111111' }] },
    'accounts[0].id: 111111111111 stands in organization.exclude as well: is it to be watched or not?',
  ],
  [
    'no external id',
    { include: ['r-ab12'], externalId: undefined },
    {},
    'organization.externalId: is missing, and the roles demand one: `npx dkim-monitor init --external-id` prints one',
  ],
  ['a short external id', { include: ['r-ab12'], externalId: 'test' }, {}, 'organization.externalId: is too short to be safe'],
  ['roles without the organisation', { include: ['ou-ab12-production'], deployRoles: true }, {}, 'organization.id: is missing'],
  ['roles without a root', { include: ['o-a1b2c3d4e5'], deployRoles: true }, {}, 'organization.root: is missing'],
  [
    'roles of single accounts without a root',
    { include: ['111111111111'], id: 'o-a1b2c3d4e5', deployRoles: true },
    {},
    'organization.root: is missing',
  ],
  [
    'roles without a unit',
    { include: ['r-ab12'], exclude: ['ou-ab12-production'], id: 'o-a1b2c3d4e5', deployRoles: true },
    {},
    'organization.exclude[0]: a StackSet can leave out accounts, and no units',
  ],
  [
    'roles made as somebody',
    { include: ['r-ab12'], deployRolesAs: 'ME' },
    {},
    'organization.deployRolesAs: must be one of "SELF", "DELEGATED_ADMIN".',
  ],
])('%s', (_name, organization, more, sentence) => {
  expect(problems(organization, more).join('\n')).toContain(sentence);
});

test.each<[string, object, readonly string[]]>([
  [
    'accounts',
    { accounts: [{ id: '222222222222', roleName: 'a b' }, { id: '333333333333' }, { id: '333333333333' }] },
    ['accounts[0].roleName: "a b" is not a role name.', 'accounts[2].id: 333333333333 stands in the list twice.'],
  ],
  [
    'include',
    { organization: { include: ['Production', 'r-ab12', 'r-ab12'], externalId: EXTERNAL_ID } },
    ['organization.include[0]: "Production" is not', 'organization.include[2]: r-ab12 stands in the list twice.'],
  ],
  [
    'exclude',
    { organization: { include: ['r-ab12'], exclude: [1, '222222222222', '222222222222'], externalId: EXTERNAL_ID } },
    ['organization.exclude[0]: must be text', 'organization.exclude[2]: 222222222222 stands in the list twice.'],
  ],
])('what stands twice in a list with another mistake is told with it: %s', (_name, value, sentences) => {
  const read = parseConfiguration(value);
  const told = read.ok ? [] : read.problems;
  expect(told).toHaveLength(sentences.length);
  for (const [i, sentence] of sentences.entries()) expect(told[i]).toContain(sentence);
});

test("a role of one's own need not demand an external id", () => {
  expect(problems({ include: ['r-ab12'], externalId: undefined, roleName: 'reader' })).toEqual([]);
});

test('everything that is right is taken', () => {
  expect(
    problems({
      include: ['r-ab12', 'ou-ab12-production', '111111111111'],
      exclude: ['222222222222'],
      id: 'o-a1b2c3d4e5',
      deployRoles: true,
      deployRolesRegion: 'eu-west-1',
    }),
  ).toEqual([]);
});

test.each([
  ['test', 'is too short'],
  ['abc123', 'is too short'],
  ['a b', 'is not an external id'],
  ['111111111111-monitor', 'holds an account id'],
  ['for-222222222222', 'holds an account id'],
  ['aaaaaaaaaaaaaaaaaaaa', 'can be guessed'],
  ['0123012301230123', 'can be guessed'],
  ['ses-dkim-monitor-external-id', 'can be guessed'],
  ['MyCompanyExternalId2024', 'can be guessed'],
  ['my-secret-password-2026', 'can be guessed'],
  ['run-dkim-monitor-init-for-one', 'can be guessed, since it is that of the example'],
])('the external id %s %s; it is not repeated', (text, why) => {
  const read = parseExternalId(text);
  expect(read.ok).toBe(false);
  if (read.ok) return;
  expect(read.problem).toContain(why);
  expect(read.problem).toContain('init --external-id');
  expect(read.problem).not.toContain(text);
});

test.each(['Zt6wQe9yUi2oPa5sDf8g', '8f14e45f-ceea-467f-a9d4-1b2c3d4e5f60', 'correct-horse-battery-staple'])('%s is taken', (text) => {
  expect(parseExternalId(text)).toEqual({ ok: true, value: text });
});
