// The words of every trouble: what fails says what to do, nothing hostile gets into a command or past the page.
import type { Trouble, TroubleKind, TroubleOf } from '../../lambda/doctor/trouble.ts';
import { outcomeOf, TROUBLE_KINDS, wordsOf } from '../../lambda/doctor/words.ts';
import { hasControls } from '../cli/run-command.ts';

const X = '$(reboot)`id`; rm -rf / "\'\u001b[31m\u202e\n';

/** One of each, with everything that is a text hostile. */
const HOSTILE: { readonly [K in TroubleKind]: TroubleOf<K> } = {
  'configuration-broken': { kind: 'configuration-broken', problems: [X, X] },
  'configuration-differs': { kind: 'configuration-differs' },
  'not-watched': { kind: 'not-watched', names: [X] },
  'accounts-unknown': { kind: 'accounts-unknown' },
  'estate-troubled': { kind: 'estate-troubled', troubles: [X, X] },
  'estate-remarks': { kind: 'estate-remarks', remarks: [X] },
  'no-credentials': { kind: 'no-credentials' },
  'credentials-expired': { kind: 'credentials-expired' },
  'credentials-refused': { kind: 'credentials-refused' },
  'aws-unreachable': { kind: 'aws-unreachable', reason: X },
  'no-region': { kind: 'no-region' },
  'role-refused': { kind: 'role-refused', by: 'untold', roleName: X, hub: X, organization: { id: X, stackSet: 'DELEGATED_ADMIN' } },
  'role-for-the-function-alone': { kind: 'role-for-the-function-alone', roleName: X, hub: X },
  'role-untold': { kind: 'role-untold' },
  'regions-denied': { kind: 'regions-denied', by: 'untold', home: false, roleName: X, hub: X, organization: { id: X } },
  'regions-untold': { kind: 'regions-untold' },
  'ses-denied': { kind: 'ses-denied', action: 'ses:ListEmailIdentities', by: 'untold', home: false, roleName: X, hub: X },
  'region-off': { kind: 'region-off', region: X },
  'region-off-anyway': { kind: 'region-off-anyway' },
  'region-unknown': { kind: 'region-unknown', region: X },
  'keys-refused': { kind: 'keys-refused', home: true },
  'ses-throttled': { kind: 'ses-throttled', action: 'ses:GetEmailIdentity' },
  'ses-unanswered': { kind: 'ses-unanswered', action: 'ses:GetEmailIdentity' },
  'ses-odd': { kind: 'ses-odd', action: 'ses:GetEmailIdentity' },
  'out-of-time': { kind: 'out-of-time' },
  'bucket-missing': { kind: 'bucket-missing', bucket: X },
  'bucket-foreign': { kind: 'bucket-foreign', bucket: X, home: X },
  'bucket-refused': { kind: 'bucket-refused', bucket: X, home: X },
  'bucket-elsewhere': { kind: 'bucket-elsewhere', bucket: X },
  'object-denied': { kind: 'object-denied', action: 's3:PutObject', bucket: X },
  'store-trouble': { kind: 'store-trouble' },
  'no-sweep-yet': { kind: 'no-sweep-yet', minutes: 1, functionName: X },
  'sweep-stale': { kind: 'sweep-stale', ago: '3 h', minutes: 5, functionName: X },
  'topic-missing': { kind: 'topic-missing', topicArn: X, ours: true },
  'topic-denied': { kind: 'topic-denied', topicArn: X },
  'topic-of-others': { kind: 'topic-of-others', topicArn: X },
  'topic-trouble': { kind: 'topic-trouble', topicArn: X },
  'nobody-subscribed': { kind: 'nobody-subscribed', topicArn: X },
  'nobody-confirmed': { kind: 'nobody-confirmed', topicArn: X, pending: [X] },
  'some-pending': { kind: 'some-pending', topicArn: X, confirmed: 1, pending: [X, X] },
  'only-by-publishing': { kind: 'only-by-publishing', topicArn: X },
  'bus-missing': { kind: 'bus-missing', bus: X },
  'bus-denied': { kind: 'bus-denied', bus: X },
  'bus-of-others': { kind: 'bus-of-others', bus: X },
  'bus-trouble': { kind: 'bus-trouble', bus: X },
  'no-resolvers': { kind: 'no-resolvers' },
  'resolver-mute': { kind: 'resolver-mute', transport: 'UDP' },
  'resolver-refuses': { kind: 'resolver-refuses', transport: 'TCP', rcode: X },
  'not-validating': { kind: 'not-validating' },
  'authority-mute': { kind: 'authority-mute', transport: 'TCP' },
  'authority-unfound': { kind: 'authority-unfound' },
  'function-missing': { kind: 'function-missing', functionName: X, region: X },
  'invoke-denied': { kind: 'invoke-denied', functionName: X, action: X },
  'function-old': { kind: 'function-old', functionName: X },
  'function-failed': { kind: 'function-failed', functionName: X },
  'function-untold': { kind: 'function-untold', functionName: X },
  'heartbeat-failed': { kind: 'heartbeat-failed' },
  'depends-on': { kind: 'depends-on', link: 'role' },
  'not-set': { kind: 'not-set', setting: 'alerts.eventBus' },
  'not-asked': { kind: 'not-asked', flag: '--heartbeat' },
  'not-deployed': { kind: 'not-deployed', functionName: X, region: X },
  'not-known': { kind: 'not-known', what: 'bucket' },
};

test('there is one of each kind', () => {
  expect(Object.keys(HOSTILE).sort()).toEqual([...TROUBLE_KINDS].sort());
});

describe.each(TROUBLE_KINDS)('%s', (kind) => {
  const trouble: Trouble = HOSTILE[kind];
  const { title, says = '', todo = '', commands = [] } = wordsOf(trouble);

  test('has a title; what is not well says what to do', () => {
    expect(title).not.toBe('');
    if (outcomeOf(trouble) !== 'skipped') expect(todo).toMatch(/\.$/);
  });

  test('commands hold placeholders in the place of what a shell would take apart', () => {
    const own = /"npx tsx bin\/member\.ts"|"\$\(aws lambda get-function-configuration [^()$`;]*\)"/g;
    expect(commands.filter((command) => /[$`;"'\n\u202e]/.test(command.replace(own, '')))).toEqual([]);
    expect(commands.filter((command) => !/^(npx|aws|dig|export) /.test(command))).toEqual([]);
  });

  test('what others wrote is made visible', () => {
    expect(hasControls(`${title}${says}${todo}`)).toBe(false);
    expect(`${title}${says}${todo}`).not.toContain('\u202e');
  });
});

test('a role that has another name is asked for by that name', () => {
  const { commands = [] } = wordsOf({ kind: 'role-refused', by: 'untold', roleName: 'reader', hub: '111111111111' });
  expect(commands.join('\n')).toContain('--role-name reader ');
  expect(commands.join('\n')).toContain('-c roleName=reader');
});

test('each policy that AWS names has its own sentence', () => {
  const says = (
    ['organisation', 'boundary', 'session-policy', 'endpoint', 'own-policy', 'trust', 'source-identity', 'explicit-deny'] as const
  ).map((by) => wordsOf({ kind: 'role-refused', by, roleName: 'r', hub: '1' }).says);
  expect(new Set(says).size).toBe(8);
});
