// The files that are made from the code are current, and the example is one that works.
import { readFileSync } from 'node:fs';
import { parseConfigurationText } from '../../lambda/configuration.ts';
import { EXAMPLE_EXTERNAL_ID } from '../../lambda/external-id.ts';
import { configSchemaText } from '../../scripts/generate-config-schema.ts';
import { permissionsPage } from '../../scripts/generate-permissions-doc.ts';

test.each([
  ['monitor.config.schema.json', configSchemaText],
  ['docs/permissions.md', permissionsPage],
])('%s is what the code says (npm run docs)', (file, make) => {
  expect(readFileSync(file, 'utf8')).toBe(make());
});

test.each(['monitor.config.example.json', 'monitor.config.organization.example.json'])('%s has no mistakes', (file) => {
  const text = readFileSync(file, 'utf8');
  expect(parseConfigurationText(text.replace(EXAMPLE_EXTERNAL_ID, 'Zt6wQe9yUi2oPa5sDf8g'))).toMatchObject({ ok: true });
  // As it stands it is refused for one thing only: an external id that all readers of the example know.
  const asItStands = parseConfigurationText(text);
  expect(asItStands.ok ? [] : asItStands.problems).toEqual([
    expect.stringMatching(/\.externalId: can be guessed, .*`npx dkim-monitor init/),
  ]);
});

test('the schema knows every setting, and no others', () => {
  const { properties, additionalProperties } = JSON.parse(configSchemaText());
  expect(additionalProperties).toBe(false);
  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(['accounts', 'regions', 'schedule', 'inventoryEvery', 'alerts', 'operations', 'mute', 'byodkim', 'dns']),
  );
});
