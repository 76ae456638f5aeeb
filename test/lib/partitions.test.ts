// The commercial cloud, GovCloud and the sovereign cloud: ARNs, regions, zones, console and roles of each, and no promise across their borders.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partitionOf, REGIONS_BY_PARTITION, regionProblem, regionZone } from '../../lambda/dkim/region-zones.ts';
import { exitTopics, topicArnOf } from '../../lambda/exits.ts';
import type { AccountId, Region } from '../../lambda/model/names.ts';
import { planTargets } from '../../lambda/sweep/plan-targets.ts';
import { consoleAddress } from '../../lib/console-address.ts';
import { readDeployment } from '../../lib/deployment.ts';
import { EVERYTHING, HOME, memberStack, monitorStack, TemplateView, WHOLE_ORGANIZATION } from './stacks.ts';

const HUB = HOME as AccountId;

describe.each([
  ['us-east-1', 'aws', 'https://us-east-1.console.aws.amazon.com', 'dkim.amazonses.com', 27],
  ['us-gov-west-1', 'aws-us-gov', 'https://console.amazonaws-us-gov.com', 'dkim.amazonses.com', 2],
  ['us-gov-east-1', 'aws-us-gov', 'https://console.amazonaws-us-gov.com', 'dkim.us-gov-east-1.amazonses.com', 2],
  ['eusc-de-east-1', 'aws-eusc', 'https://console.amazonaws-eusc.eu', undefined, 1],
] as const)('%s', (name, partition, console, zone, count) => {
  const region = name as Region;
  test('its partition, console and zone', () => {
    expect(partitionOf(region)).toBe(partition);
    expect(consoleAddress(region)).toBe(console);
    expect(regionZone(region)).toBe(zone);
  });
  test('"all" are the SES regions of its own partition', () => {
    const all = planTargets({ accounts: [], regions: 'all' }, { account: HUB, region }).map((target) => target.region);
    expect(all).toHaveLength(count);
    expect(new Set(all.map(partitionOf))).toEqual(new Set([partition]));
  });
  test('topics that the function names by itself', () => {
    const [exit] = exitTopics({
      critical: { email: ['a@example.com'], slack: [], teams: [], minimumSeverity: 'critical' },
      routes: [],
    } as never);
    if (exit === undefined) throw new Error('no exit');
    expect(topicArnOf(exit, { account: HUB, region, partition })).toBe(`arn:${partition}:sns:${region}:${HOME}:ses-dkim-monitor-critical`);
  });
});

test('the role in other accounts names no partition', () => {
  expect(JSON.stringify(new TemplateView(memberStack()).template.toJSON())).not.toMatch(/arn:aws/);
});

test.each([
  ['us-east-1', 'aws'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
])('the monitor in %s has no ARN of another partition', (region, partition) => {
  const here = {
    ...WHOLE_ORGANIZATION,
    regions: 'all',
    alerts: { ...EVERYTHING.alerts, routes: [], slack: [], teams: [], critical: undefined },
  };
  const text = JSON.stringify(new TemplateView(monitorStack(here, undefined, region)).template.toJSON());
  expect([...new Set(text.match(/arn:aws[a-z-]*:/g) ?? [])].filter((arn) => arn !== `arn:${partition}:`)).toEqual([]);
  expect(text.includes('console.aws.amazon.com')).toBe(partition === 'aws');
});

describe('a region of another partition than the hub is refused', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'partitions-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each<[string, object, string, string | undefined]>([
    [
      'GovCloud from outside',
      { regions: ['us-gov-west-1'] },
      'us-east-1',
      'regions[0]: us-gov-west-1 is in the partition aws-us-gov and cannot be read from us-east-1',
    ],
    ['the sovereign cloud from outside', { regions: ['eusc-de-east-1'] }, 'eu-central-1', 'is in the partition aws-eusc'],
    ['outside from GovCloud', { regions: ['us-east-1'] }, 'us-gov-west-1', 'is in the partition aws and cannot be read from us-gov-west-1'],
    [
      'roles made elsewhere',
      { organization: { ...WHOLE_ORGANIZATION.organization, deployRolesRegion: 'us-gov-west-1' } },
      'us-east-1',
      'organization.deployRolesRegion: us-gov-west-1 is in the partition aws-us-gov',
    ],
    ['both inside', { regions: ['us-gov-east-1'] }, 'us-gov-west-1', undefined],
  ])('%s', (_name, configuration, hub, sentence) => {
    writeFileSync(join(folder, 'monitor.config.json'), JSON.stringify(configuration));
    const read = readDeployment(folder, undefined, HOME, hub);
    if (sentence === undefined) expect(read).toMatchObject({ ok: true });
    else expect(read).toMatchObject({ ok: false, message: expect.stringContaining(sentence) });
  });

  test('every pair of partitions', () => {
    const firsts = Object.values(REGIONS_BY_PARTITION).flatMap(([first]) => (first === undefined ? [] : [first]));
    for (const home of firsts) for (const other of firsts) expect(regionProblem(other, home) === undefined).toBe(home === other);
  });
});
