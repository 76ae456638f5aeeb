// The files that are made from the code are current, and the example is one that works.
import { readFileSync } from 'node:fs';
import { parseConfigurationText } from '../../lambda/configuration.ts';
import { configSchemaText } from '../../scripts/generate-config-schema.ts';
import { permissionsPage } from '../../scripts/generate-permissions-doc.ts';

test.each([
  ['monitor.config.schema.json', configSchemaText],
  ['docs/permissions.md', permissionsPage],
])('%s is what the code says (npm run docs)', (file, make) => {
  expect(readFileSync(file, 'utf8')).toBe(make());
});

test.each(['monitor.config.example.json', 'monitor.config.organization.example.json'])('%s has no mistakes', (file) => {
  expect(parseConfigurationText(readFileSync(file, 'utf8'))).toMatchObject({ ok: true });
});

test('the schema knows every setting, and no others', () => {
  const { properties, additionalProperties } = JSON.parse(configSchemaText());
  expect(additionalProperties).toBe(false);
  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(['accounts', 'regions', 'schedule', 'inventoryEvery', 'alerts', 'operations', 'mute', 'byodkim', 'dns']),
  );
});
