// The configuration that travels checked: taken without its parser while nobody edited it, parsed again as soon as somebody did.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedText, readConfiguration } from '../../lambda/checked-configuration.ts';
import { type Configuration, parseConfigurationText } from '../../lambda/configuration.ts';
import { EXAMPLE_EXTERNAL_ID } from '../../lambda/external-id.ts';
import { CHECKED_CONFIG_FILE, CONFIG_FILE_IN_BUNDLE } from '../../lambda/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checked-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const parsed = (text: string): Configuration => {
  const read = parseConfigurationText(text);
  if (!read.ok) throw new Error(read.problems.join());
  return read.value;
};
const put = (file: string, text: string): void => writeFileSync(join(folder, file), text);
const read = (): Promise<Configuration> => readConfiguration(folder, CONFIG_FILE_IN_BUNDLE);

const TEXT = '{ "regions": ["eu-west-1"] }';
// Another value than the text's own: so it shows which of the two was taken.
const OTHER = parsed('{ "regions": ["us-east-1"] }');

test('what was checked is taken as it is', async () => {
  put(CONFIG_FILE_IN_BUNDLE, TEXT);
  put(CHECKED_CONFIG_FILE, checkedText(TEXT, OTHER));
  expect(await read()).toEqual(OTHER);
});

test.each([
  ['the text was edited', (): void => put(CONFIG_FILE_IN_BUNDLE, TEXT.replace('eu-west-1', 'eu-west-2')), 'eu-west-2'],
  [
    'what was checked was edited',
    (): void => put(CHECKED_CONFIG_FILE, checkedText(TEXT, OTHER).replace('us-east-1', 'us-east-2')),
    'eu-west-1',
  ],
  ['there is nothing that was checked', (): void => rmSync(join(folder, CHECKED_CONFIG_FILE)), 'eu-west-1'],
  ['it was cut off', (): void => put(CHECKED_CONFIG_FILE, checkedText(TEXT, OTHER).slice(0, 64)), 'eu-west-1'],
])('%s: the text is parsed again', async (_, edit, region) => {
  put(CONFIG_FILE_IN_BUNDLE, TEXT);
  put(CHECKED_CONFIG_FILE, checkedText(TEXT, OTHER));
  edit();
  expect((await read()).regions).toEqual([region]);
});

test('an edit that is wrong is told with every mistake', async () => {
  put(CONFIG_FILE_IN_BUNDLE, '{ "regions": ["nowhere"], "inventoryEvery": 1 }');
  put(CHECKED_CONFIG_FILE, checkedText(TEXT, OTHER));
  await expect(read()).rejects.toThrow(
    /The configuration cannot be used: .*inventoryEvery.* · |The configuration cannot be used: .* · .*inventoryEvery/,
  );
});

const EXAMPLE = readFileSync('monitor.config.example.json', 'utf8').replace(EXAMPLE_EXTERNAL_ID, 'Zt6wQe9yUi2oPa5sDf8g');

test.each(['{}', EXAMPLE])('what the parser makes is kept by JSON: %.20s…', async (text) => {
  put(CONFIG_FILE_IN_BUNDLE, text);
  put(CHECKED_CONFIG_FILE, checkedText(text, parsed(text)));
  expect(await read()).toStrictEqual(parsed(text));
});
