// `npm start`: the main job on the sandbox. The real handler, the real AWS SDK over HTTP, real DNS packets; nothing beyond loopback.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Report } from '../lambda/model/report.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { BUCKET, EXTERNAL_ID, firstLight, HOME, MEMBER, READ_ROLE, READER, TOPIC_ARN } from '../sandbox/scenarios/first-light.ts';
import { bundleHandler, invoke } from './bundle-handler.ts';

const REGION = TOPIC_ARN.split(':')[3] ?? '';
const OUTPUT = 'last-report';

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

interface Stage {
  readonly sandbox: Sandbox;
  readonly bundle: string;
  readonly folder: string;
  readonly config: string;
  sweeps: number;
  read: number;
}

async function main(): Promise<void> {
  const began = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'dkim-monitor-demo-'));
  await rm(OUTPUT, { recursive: true, force: true });
  await mkdir(OUTPUT, { recursive: true });
  const sandbox = await startSandbox(firstLight.world);
  try {
    say(`ses-dkim-monitor, shown on a small estate that lives only in this process:`);
    say(firstLight.describe);
    say(
      'Nothing beyond this machine is asked or told. The function is the real one: its bundle, the AWS SDK over HTTP, DNS packets over UDP.',
    );
    say(
      'Once deployed it sweeps every five minutes. Here one sweep follows the other at once, so the times in the mails are seconds apart.',
    );
    const stage: Stage = {
      sandbox,
      bundle: await bundleHandler(folder),
      folder,
      config: await writeConfiguration(sandbox, folder),
      sweeps: 0,
      read: 0,
    };
    const [lose, restore] = firstLight.steps;
    if (lose === undefined || restore === undefined) throw new Error('the scenario has no steps');

    heading(1, 'All is well');
    await sweep(stage);
    showMails(stage);

    heading(2, lose.title);
    await lose.apply(sandbox);
    await sweep(stage);
    showMails(stage);

    heading(3, 'The next sweep: nothing has changed');
    await sweep(stage);
    showMails(stage);

    heading(4, restore.title);
    await restore.apply(sandbox);
    const report = await sweep(stage);
    showMails(stage);

    await writeFile(join(OUTPUT, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
    say();
    say(`That was the main job, in ${((Date.now() - began) / 1000).toFixed(1)} s. On disk:`);
    say(`  ${OUTPUT}/report.json   the last sweep's report (schema 1, as in the bucket)`);
    say(`  ${OUTPUT}/mail-*.txt    each mail, as its reader got it`);
    say(`  ${OUTPUT}/sweeps.log    the function's log: one line for each target and each decision`);
    say('Next: README.md, "Against your own account".');
  } finally {
    await writeFile(join(OUTPUT, 'sweeps.log'), await readLog(folder));
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function heading(number: number, title: string): void {
  say();
  say(`── ${number}. ${title} ${'─'.repeat(Math.max(2, 74 - title.length))}`);
}

/** The configuration of the estate; the second look comes after one second instead of 45. */
async function writeConfiguration(sandbox: Sandbox, folder: string): Promise<string> {
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const configuration = {
    accounts: [{ id: HOME }, { id: MEMBER, roleName: READ_ROLE, externalId: EXTERNAL_ID }],
    regions: ['us-east-1', 'eu-west-1', 'eu-south-1'],
    alerts: { email: [READER] },
    dns: {
      resolvers: [at(sandbox.resolver)],
      confirmAfter: '1s',
      routes: Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)])),
      rootHints: sandbox.rootHints,
    },
  };
  await writeFile(join(folder, 'monitor.config.json'), JSON.stringify(configuration));
  return folder;
}

/** One invocation of the function, told in a sentence; returns the report it left in the bucket. */
async function sweep(stage: Stage): Promise<Report> {
  stage.sweeps += 1;
  const began = Date.now();
  const { sandbox, bundle, folder } = stage;
  await invoke({
    bundle,
    folder,
    id: `sweep-${stage.sweeps}`,
    functionArn: `arn:aws:lambda:${REGION}:${HOME}:function:ses-dkim-monitor`,
    timeoutMs: 300_000,
    environment: {
      ...sandbox.environment(HOME, REGION),
      LAMBDA_TASK_ROOT: stage.config,
      MONITOR_BUCKET: BUCKET,
      MONITOR_TOPIC_ARN: TOPIC_ARN,
    },
  });
  const report = lastReport(sandbox);
  const { healthy, broken, unknown } = report.summary;
  const { sesCalls, dnsQuestions } = report.cost;
  say(
    `Sweep ${stage.sweeps}: ${report.identities.length} identities in ${report.targets.length} targets: ${healthy} healthy, ${broken} broken, ${unknown} unknown. ` +
      `${sesCalls === 0 ? 'No SES call' : `${sesCalls} SES calls`}, ${dnsQuestions} DNS questions, ${((Date.now() - began) / 1000).toFixed(1)} s.`,
  );
  return report;
}

function lastReport(sandbox: Sandbox): Report {
  const blob = sandbox.aws.objects.get(BUCKET)?.get('reports/latest.json.gz');
  if (blob === undefined) throw new Error('the sweep left no report');
  return JSON.parse(gunzipSync(blob).toString('utf8')) as Report;
}

function showMails(stage: Stage): void {
  const mails = stage.sandbox.aws.outbox.filter(({ protocol }) => protocol === 'email');
  const fresh = mails.slice(stage.read);
  stage.read = mails.length;
  if (fresh.length === 0) say('No mail: everybody who must know was told already.');
  for (const { subject, body, endpoint } of fresh) {
    say(`The mailbox of ${endpoint} got:`);
    say();
    for (const line of [`Subject: ${subject ?? ''}`, '', ...body.trimEnd().split('\n')]) say(`  │ ${line}`.trimEnd());
    void writeFile(join(OUTPUT, `mail-${stage.sweeps}.txt`), `Subject: ${subject ?? ''}\n\n${body}`);
  }
}

async function readLog(folder: string): Promise<Buffer | string> {
  return readFile(join(folder, 'sweeps.log')).catch(() => '');
}

await main();
