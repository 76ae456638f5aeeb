// The identity that each example is told about: in the state of SES in which that kind can come up.
import type { Subject } from '../../model/alert.ts';
import type { FindingKind } from '../../model/finding.ts';
import { EXAMPLE_SUBJECT } from './example.ts';

type Differences = Partial<Subject>;

const OWN_KEY: Differences = { method: 'byodkim' };
const ADDRESS: Differences = { identity: 'news@example.com', type: 'address', status: 'NOT_STARTED', signing: false, method: 'none' };

/** Only where the usual one, a healthy domain with Easy DKIM, would not do. */
const DIFFERENT = new Map<string, Differences>([
  ['key-malformed', OWN_KEY],
  ['key-revoked', OWN_KEY],
  ['key-wrong-type', OWN_KEY],
  ['key-too-short', OWN_KEY],
  ['key-testing', OWN_KEY],
  ['key-restricted', OWN_KEY],
  ['key-mismatch', OWN_KEY],
  ['key-changed', OWN_KEY],
  ['sending-lost', { status: 'TEMPORARY_FAILURE' }],
  ['verification-failed', { status: 'FAILED' }],
  ['revoked', { status: 'FAILED' }],
  ['identity-abandoned', { status: 'FAILED', signing: false }],
  ['verification-pending', { status: 'PENDING' }],
  ['verification-overdue', { status: 'PENDING' }],
  ['dkim-not-set-up', { status: 'NOT_STARTED', method: 'none' }],
  ['ses-cannot-verify', { status: 'TEMPORARY_FAILURE' }],
  ['zone-elsewhere', { status: 'TEMPORARY_FAILURE' }],
  ['replica-broken', { status: 'FAILED', method: 'deed' }],
  ['signing-disabled', { signing: false }],
  ['address-overrides-domain', ADDRESS],
  ['address-without-domain', ADDRESS],
  ['target-unreadable', { account: '222222222222', identity: '' }],
]);

/** Who the example of this kind is about. A finding about a whole account and region has no identity. */
export function exampleSubject(kind: FindingKind): Subject {
  return { ...EXAMPLE_SUBJECT, ...DIFFERENT.get(kind) };
}
