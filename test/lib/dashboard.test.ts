// The dashboard: a body that CloudWatch takes, metrics that sweeps write, and nothing that small estates pay for.
import { METRIC_NAMESPACE, METRICS, TROUBLE_METRICS } from '../../lambda/sweep/metrics.ts';
import { ALARM_NAMES } from '../../lib/alarms.ts';
import { DASHBOARD_QUERIES } from '../../lib/dashboard.ts';
import { monitorStack, type Properties, TemplateView } from './stacks.ts';

const view = new TemplateView(monitorStack());
const body = bodyOf(view);
const widgets = body.widgets as readonly Properties[];
const ofType = (type: string): readonly Properties[] => widgets.filter((widget) => widget.type === type);

/** The body is a text with references in it: each becomes its logical id. */
function bodyOf(from: TemplateView): Properties {
  const { DashboardBody } = from.only('AWS::CloudWatch::Dashboard');
  const parts = DashboardBody['Fn::Join'][1] as readonly (string | Properties)[];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : (part.Ref ?? part['Fn::GetAtt'][0]))).join('')) as Properties;
}

/** Metrics of a widget, with the abbreviations of the dashboard syntax left as they are. */
const metricsOf = ({ properties }: Properties): readonly (readonly unknown[])[] => properties.metrics ?? [];

test('is one of the three that are free, with at most fifty metrics, and opens on a day', () => {
  expect(Object.keys(view.resources('AWS::CloudWatch::Dashboard'))).toHaveLength(1);
  expect(widgets.flatMap(metricsOf).length).toBeLessThanOrEqual(50);
  expect(body.start).toBe('-P1D');
});

test('operations.dashboard: false leaves it and its output out', () => {
  const without = new TemplateView(monitorStack({ operations: { dashboard: false } }));
  expect(without.resources('AWS::CloudWatch::Dashboard')).toEqual({});
  expect(Object.keys((without.template.toJSON() as Properties).Outputs)).not.toContain('DashboardUrl');
  expect(Object.keys((view.template.toJSON() as Properties).Outputs)).toContain('DashboardUrl');
});

test('shows open alerts by severity, the nearest deadline, health, sweep time, questions and calls', () => {
  const own = widgets.flatMap(metricsOf).filter(([namespace]) => namespace === METRIC_NAMESPACE);
  const known: readonly unknown[] = Object.values(METRICS);
  expect(own.filter(([, name]) => !known.includes(name))).toEqual([]);
  const named = new Set(widgets.flatMap(metricsOf).map(([, name]) => name));
  for (const name of [METRICS.openCritical, METRICS.openWarning, METRICS.hoursToDeadline, METRICS.broken]) expect(named).toContain(name);
  for (const field of ['healthy', 'dnsQuestions', 'sesCalls', 'oldestInventorySeconds'])
    expect(Object.values(DASHBOARD_QUERIES).join('\n')).toContain(`max(${field})`);
  expect(named).toContain('Duration');
  expect(named).toContain('ApproximateNumberOfMessagesVisible');
});

test('what is not sent while it is zero is shown as zero, and not as what it was before', () => {
  const expressions = widgets
    .flatMap(metricsOf)
    .flatMap(([first]) => (typeof first === 'object' ? [(first as Properties).expression] : []));
  for (const name of Object.values(TROUBLE_METRICS))
    expect(expressions).toContain(`FILL(${name.charAt(0).toLowerCase()}${name.slice(1)}, 0)`);
});

test('accounts and regions come from the log, not from dimensions of metrics', () => {
  expect(ofType('log').map(({ properties }) => properties.title)).toEqual(Object.keys(DASHBOARD_QUERIES));
  const [group] = Object.keys(view.resources('AWS::Logs::LogGroup'));
  for (const { properties } of ofType('log'))
    expect(properties.query).toBe(`SOURCE '${group}' | ${DASHBOARD_QUERIES[properties.title as keyof typeof DASHBOARD_QUERIES]}`);
  expect(JSON.stringify(widgets.map(metricsOf))).not.toMatch(/account|region/i);
});

test('shows the state of every alarm, and hangs on none of them', () => {
  const [{ properties } = { properties: {} }] = ofType('alarm');
  const names = (properties.alarms as readonly string[]).map((arn) => arn.split(':').at(-1));
  expect(names).toEqual(Object.values(ALARM_NAMES));
  expect(JSON.stringify(view.only('AWS::CloudWatch::Dashboard'))).not.toContain('SelfWatch');
});

test('no widget lies on another, and none leaves the grid of 24 columns', () => {
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
});

test('the text leads to the bucket, the queries, the runbook and the commands', () => {
  const text = ofType('text')[0]?.properties.markdown as string;
  for (const part of ['docs/runbook.md', 'Saved queries', 's3/buckets/Memory', 'aws lambda invoke', 'npx dkim-monitor check'])
    expect(text).toContain(part);
});
