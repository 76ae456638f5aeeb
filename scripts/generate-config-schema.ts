// Makes the JSON Schema that lets editors complete and check monitor.config.json.
import * as z from 'zod';
import { configurationSchema } from '../lambda/configuration-schema.ts';

/** Lists of words stand on one line, as the formatter wants them. */
const SHORT_LIST = /\[\s+"[^"[\]{}]*"(?:,\s+"[^"[\]{}]*")*\s+\]/g;

/** Text of monitor.config.schema.json. */
export function configSchemaText(): string {
  // `input`: what people write, not what it is turned into.
  const schema = z.toJSONSchema(configurationSchema, { io: 'input' });
  const text = JSON.stringify({ ...schema, title: 'monitor.config.json of ses-dkim-monitor' }, null, 2);
  return `${text.replace(SHORT_LIST, (list) => list.replace(/\s*\n\s*/g, ' ').replace(/^\[ | \]$/g, (end) => end.trim()))}\n`;
}
