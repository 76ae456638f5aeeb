// Runs the deployed bundle once, as the Lambda service would: node invoke-function.mjs ANSWER_FILE, with the function's own environment.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { LAMBDA_TASK_ROOT, FUNCTION_ARN, FUNCTION_HANDLER, FUNCTION_TIMEOUT, FUNCTION_EVENT } = process.env;
const [file, name] = FUNCTION_HANDLER.split('.');
const bundle = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
const ends = Date.now() + Number(FUNCTION_TIMEOUT) * 1000;
const context = {
  awsRequestId: `test-${process.pid}`,
  functionName: FUNCTION_ARN.split(':').at(-1),
  functionVersion: '$LATEST',
  invokedFunctionArn: FUNCTION_ARN,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  getRemainingTimeInMillis: () => ends - Date.now(),
};
try {
  writeFileSync(
    process.argv[2],
    JSON.stringify(await bundle[name](FUNCTION_EVENT ? JSON.parse(FUNCTION_EVENT) : { source: 'aws.events' }, context)),
  );
} catch (error) {
  // As the Lambda service would log it, without the minified line that Node shows.
  console.error(error.stack);
  process.exitCode = 1;
}
