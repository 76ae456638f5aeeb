// npm run bench:storm: 3,000 domains lose their records in one sweep. How long from beliefs to finished messages, how many, and how large.
import { planAlerts } from '../lambda/alerts/plan.ts';
import { applyTold } from '../lambda/alerts/told.ts';
import { CATALOG } from '../lambda/diagnosis/catalog.ts';
import { renderTelling } from '../lambda/messages/render.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../lambda/model/alert.ts';
import type { Finding } from '../lambda/model/finding.ts';
import { type AccountId, dnsName, type Region } from '../lambda/model/names.ts';
import type { IdentityResult, TargetReport } from '../lambda/model/report.ts';

const DOMAINS = 3000;
const NOW = '2026-03-01T12:00:00.000Z';
const TARGET = { account: '111111111111' as AccountId, region: 'eu-west-1' as Region };

/** One domain, broken or well, at DNS host number `host`. */
function result(i: number, isBroken: boolean, host: number): IdentityResult {
  const name = `customer-${i}.example`;
  const missing = CATALOG['record-missing'].example as Finding;
  return {
    identity: {
      ...TARGET,
      identity: name,
      type: 'domain',
      method: 'easy',
      tokens: ['a', 'b', 'c'],
      ses: { status: 'SUCCESS', signing: true, readAt: NOW },
      tags: {},
    },
    expectation: { kind: 'nothing', reason: 'not-set-up' },
    diagnosis: isBroken ? { kind: 'broken', findings: [missing] } : { kind: 'healthy', findings: [] },
    history: { firstSeenAt: NOW, unknownSweeps: 0 },
    panel: true,
    zone: dnsName(name),
    nameServers: [`ns1.host-${host}.example`, `ns2.host-${host}.example`],
  };
}

function storm(
  name: string,
  isBroken: (i: number) => boolean,
  hostOf: (i: number) => number,
  before: AlertMemory,
  now: string,
): AlertMemory {
  const report: TargetReport = {
    ...TARGET,
    inventoryComplete: true,
    results: Array.from({ length: DOMAINS }, (_, i) => result(i, isBroken(i), hostOf(i))),
    unread: [],
  };
  const began = performance.now();
  const plan = planAlerts({
    reports: [report],
    configuredTargets: [TARGET],
    targetFindings: [],
    memory: before,
    policy: { remindEveryMs: 86_400_000, minimumSeverity: 'warning', mute: [] },
    audience: { kind: 'known', confirmed: 1 },
    controlFailed: false,
    now,
  });
  const decided = performance.now();
  let memory = plan.memoryBefore;
  const sizes = plan.tellings.map((telling) => {
    const message = renderTelling(telling, now);
    memory = applyTold(memory, telling, message, now);
    return Buffer.byteLength(JSON.stringify([message.email, message.chat, message.json]));
  });
  const done = performance.now();
  const kib = sizes.map((size) => (size / 1024).toFixed(0)).join(', ');
  process.stdout.write(
    `${name}: ${plan.tellings.length} messages (${kib} KiB), decided in ${((decided - began) / 1000).toFixed(2)} s, worded and remembered ${((done - decided) / 1000).toFixed(2)} s later\n`,
  );
  return memory;
}

const key = `${TARGET.account}/${TARGET.region}`;
const known: AlertMemory = {
  ...EMPTY_ALERT_MEMORY,
  introduced: { [key]: { at: NOW, messageId: 'm' } },
  firstSeen: { [key]: NOW },
  brakedLastSweep: true,
};
const later = (hours: number): string => new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();

const lost = storm(
  'one DNS host loses 2,996 of 3,000',
  (i) => i < 2996,
  () => 0,
  known,
  NOW,
);
const left = storm(
  'two hours later 40 are left',
  (i) => i < 40,
  () => 0,
  lost,
  later(2),
);
storm(
  'and then none',
  () => false,
  () => 0,
  left,
  later(3),
);
storm(
  '300 DNS hosts at once',
  () => true,
  (i) => i % 300,
  known,
  NOW,
);
storm(
  '3,000 DNS hosts at once',
  () => true,
  (i) => i,
  known,
  NOW,
);
