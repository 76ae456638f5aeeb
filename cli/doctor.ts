// `dkim-monitor doctor`: examines the whole chain of an installation, by the deployed function where there is one, else with the caller's rights.
import { Command } from 'commander';
import { DEFAULT_CONFIGURATION } from '../lambda/configuration.ts';
import { withChecks } from '../lambda/doctor/assemble.ts';
import { amiss, type Check, fine } from '../lambda/doctor/check.ts';
import { readCheckup } from '../lambda/doctor/read-checkup.ts';
import { runCheckup } from '../lambda/doctor/run-checkup.ts';
import { hashOfConfiguration } from '../lambda/doctor-call.ts';
import { brokenPlan, type DoctorAsked, doctorPlan } from '../lambda/doctor-plan.ts';
import { watchedTargets } from '../lambda/doctor-targets.ts';
import { openDoctor } from '../lambda/doctor-wiring.ts';
import { checkupPage } from '../lambda/messages/checkup-page.ts';
import type { Checkup } from '../lambda/model/checkup.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { parseAccountId, parseRegion, quoted } from '../lambda/model/names.ts';
import { FUNCTION_NAME } from '../lambda/settings.ts';
import type { Home } from '../lambda/sweep/plan-targets.ts';
import { findHome } from '../lambda/wiring.ts';
import { EXIT, UsageError } from './exit.ts';
import { type ConfigurationFile, type DnsFlags, overrideDns, readConfigurationFile, value } from './load-configuration.ts';
import { type Found, findFunction, type Invoked, invokeDoctor } from './monitor-function.ts';
import { addDnsOptions } from './sweep.ts';
import { lineOn, type Terminal } from './terminal.ts';
import { checkTopic } from './topic.ts';

interface Flags extends DnsFlags {
  readonly region?: readonly string[];
  readonly account?: readonly string[];
  readonly function: string;
  readonly local?: boolean;
  readonly bucket?: string;
  readonly topic?: string;
  readonly heartbeat?: boolean;
  readonly json?: boolean;
}

const collect = (text: string, previous: readonly string[] = []): readonly string[] => [...previous, text];

const EXAMPLES = `
Examples:
  ${COMMAND} doctor                              the deployed function examines itself, with its own rights
  ${COMMAND} doctor --account 222222222222 --region eu-west-1
  ${COMMAND} doctor --json | jq '.results[] | select(.outcome == "fail") | .kind'
  ${COMMAND} doctor --local                      with your own rights, such as before the first deployment
  AWS_PROFILE=mail AWS_REGION=eu-west-1 ${COMMAND} doctor

Needed: lambda:InvokeFunction on the function. Its rights are what counts: the roles in other accounts trust it alone, and nobody else, you included.
With --local, and where the function cannot be asked, your own rights are tried, which the first lines say. Nothing is told to anybody; one small object,
doctor/probe.json.gz, is written into the memory bucket. --heartbeat pings the dead man's switch once, which keeps it quiet for one period.
Exit codes: 0 all is well, warnings included · 1 something fails · 2 nothing does, but something could not be told
`;

export function doctorCommand(terminal: Terminal, done: (code: number) => void): Command {
  return addDnsOptions(new Command('doctor'))
    .description(
      'Check the whole chain of an installation: roles, SES, memory, topics, DNS, schedule. Names what is missing, and what to do.',
    )
    .option('--region <region>', 'only this region (repeatable)', collect)
    .option('--account <id>', 'only this account (repeatable)', collect)
    .option('--function <name>', 'name or ARN of the deployed function', FUNCTION_NAME)
    .option('--local', 'check here, with your own rights, not by the deployed function')
    .option('--bucket <name>', 'with --local: the memory bucket (default: that of the function)')
    .option('--topic <arn>', 'with --local: the alert topic (default: that of the function)')
    .option('--heartbeat', "ping the dead man's switch too")
    .option('--json', 'print the result as JSON, and nothing else, on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => done(await doctor(flags, terminal)));
}

async function doctor(flags: Flags, terminal: Terminal): Promise<number> {
  const asked = askedBy(flags);
  const file = readConfigurationFile(flags);
  const line = lineOn(terminal, Date.now);
  try {
    const checkup = await examine(flags, asked, file, line.draw);
    line.end();
    terminal.out(
      flags.json === true
        ? `${JSON.stringify(checkup, undefined, 2)}\n`
        : checkupPage(checkup, { width: terminal.width, color: terminal.color }),
    );
    if (checkup.summary.fail > 0) return EXIT.trouble;
    return checkup.summary.unknown > 0 ? EXIT.blind : EXIT.fine;
  } finally {
    line.end();
  }
}

type Draw = (text: string, last: boolean) => void;

async function examine(flags: Flags, asked: DoctorAsked, file: ConfigurationFile, draw: Draw): Promise<Checkup> {
  const [first] = file.read.ok && file.read.value.regions !== 'all' ? file.read.value.regions : [];
  const found = await findHome(first);
  if (found.kind !== 'found') return examineHere(flags, asked, file, draw, {});
  const { home } = found;
  const region = flags.function.startsWith('arn:') ? (flags.function.split(':')[3] ?? home.region) : home.region;
  const place = { subject: flags.function };
  if (flags.local !== true) {
    draw(`Asking the function ${flags.function} …`, true);
    const invoked = await invokeDoctor(flags.function, region, asked);
    const checkup = invoked.kind === 'answered' ? readCheckup(invoked.payload) : undefined;
    if (checkup !== undefined) return withChecks(checkup, [fine('function', place), ...fileChecks(file, checkup.configurationHash)]);
    const seen = await findFunction(flags.function, region);
    return examineHere(flags, asked, file, draw, { home, seen, check: functionCheck(invoked, flags.function, region) });
  }
  const seen = await findFunction(flags.function, region);
  const check =
    seen.kind === 'found'
      ? fine('function', place, 'there; not asked')
      : seen.kind === 'missing'
        ? amiss('function', place, { kind: 'not-deployed', functionName: flags.function, region })
        : functionCheck(seen, flags.function, region);
  return examineHere(flags, asked, file, draw, { home, seen, check });
}

/** How things stand between the file here and what the function works with. */
function fileChecks({ file, text, read }: ConfigurationFile, deployed: string | undefined): readonly Check[] {
  const place = { subject: file };
  if (!read.ok) return [amiss('configuration', place, { kind: 'configuration-broken', problems: read.problems })];
  if (text === undefined || deployed === undefined || hashOfConfiguration(text) === deployed) return [];
  return [amiss('configuration', place, { kind: 'configuration-differs' })];
}

/** What is wrong with the function. An answer that comes here is none that this version can read. */
function functionCheck(invoked: Invoked, functionName: string, region: string): Check {
  const place = { subject: functionName };
  switch (invoked.kind) {
    case 'answered':
      return amiss('function', place, { kind: 'function-old', functionName });
    case 'missing':
      return amiss('function', place, { kind: 'function-missing', functionName, region });
    case 'denied':
      return amiss('function', place, { kind: 'invoke-denied', functionName, action: invoked.action });
    case 'failed':
      return amiss('function', place, { kind: 'function-failed', functionName }, invoked.detail);
    case 'untold':
      return amiss('function', place, { kind: 'function-untold', functionName }, invoked.detail);
  }
}

interface Here {
  readonly home?: Home;
  readonly seen?: Found;
  readonly check?: Check;
}

/** An hour: whoever runs it sees it go on, and can end it. */
const LONGEST_MS = 3_600_000;

async function examineHere(
  flags: Flags,
  asked: DoctorAsked,
  { file, text, read }: ConfigurationFile,
  draw: Draw,
  here: Here,
): Promise<Checkup> {
  const { home, seen, check } = here;
  const around = {
    bucket: flags.bucket ?? (seen?.kind === 'found' ? seen.bucket : undefined),
    topicArn: flags.topic ?? (seen?.kind === 'found' ? seen.topicArn : undefined),
    functionName: flags.function,
    configurationName: text === undefined ? 'all at its default' : file,
    rights: 'caller' as const,
    until: Date.now() + LONGEST_MS,
  };
  const configuration = read.ok ? { ...read.value, dns: overrideDns(read.value.dns, flags) } : DEFAULT_CONFIGURATION;
  const plan =
    read.ok && home !== undefined
      ? doctorPlan(configuration, await watchedTargets(configuration, home, around.until), asked, { ...around, home })
      : brokenPlan(read.ok ? [] : read.problems, { ...around, ...(home === undefined ? {} : { home }) });
  const progress = (done: number, of: number): void => draw(`Checking accounts and regions: ${done} of ${of}`, done === of);
  const world = openDoctor({ configuration, plan, region: home?.region, progress });
  try {
    return await runCheckup(plan, world, check === undefined ? [] : [check]);
  } finally {
    world.close();
  }
}

function askedBy(flags: Flags): DoctorAsked {
  if (!/^[\w-]{1,64}$|^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}$/.test(flags.function))
    throw new UsageError(`--function takes the name or the ARN of a function, not ${quoted(flags.function, 150)}.`);
  if (flags.topic !== undefined) checkTopic('--topic', flags.topic);
  if (flags.bucket !== undefined && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(flags.bucket))
    throw new UsageError(`--bucket: ${quoted(flags.bucket, 100)} cannot be the name of a bucket.`);
  return {
    accounts: (flags.account ?? []).map((id) => value(parseAccountId(id))),
    regions: (flags.region ?? []).map((region) => value(parseRegion(region))),
    heartbeat: flags.heartbeat === true,
  };
}
