// What a DMARC policy does to the mail is said first in every body, though its finding comes after the one that causes it.
import { renderAlert } from '../../lambda/messages/render.ts';
import type { Subject } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { finding } from '../alerts/build.ts';
import { alert, NOW, subject } from './build.ts';

const risk = (policy: 'reject' | 'quarantine' | 'absent'): Finding => ({
  kind: 'dmarc-at-risk',
  severity: policy === 'absent' ? 'notice' : 'critical',
  facts: { policy, at: dnsName('_dmarc.example.com') },
  records: [],
  evidence: [],
  deadlines: [],
});

/** The mail's first explanation, on one line, and the whole of the chat message. */
function told(findings: readonly Finding[], more: Partial<Subject> = {}): { readonly means: string; readonly chat: string } {
  const about = alert({ kinds: findings.map(({ kind }) => kind), affected: [{ subject: subject('example.com', more), findings }] });
  const { email, chat } = renderAlert({ kind: 'alert', alert: about, event: 'opened', reason: 'new', messageId: 'm1' }, NOW);
  const means = email.split('WHAT IT MEANS')[1] ?? '';
  return { means: means.replace(/\s+/g, ' ').trim(), chat };
}

const missing = finding('record-missing', 'critical', ['abc']);

test.each<[string, Finding, Partial<Subject>, string]>([
  [
    'reject',
    risk('reject'),
    {},
    'As soon as its mail fails DKIM (perhaps already) receivers refuse it, by the DMARC policy at _dmarc.example.com (reject). ',
  ],
  [
    'quarantine, SES having given up',
    risk('quarantine'),
    { status: 'FAILED' },
    'Receivers put its mail into spam already, for it is not signed: by the DMARC policy at _dmarc.example.com (quarantine). ',
  ],
])('%s', (_, at, more, sentence) => {
  const { means, chat } = told([missing, at], more);
  expect(means.startsWith(sentence)).toBe(true);
  expect(means.split(sentence)).toHaveLength(2);
  expect(chat.replaceAll('`', '')).toContain(sentence.slice(0, 40));
});

test('no policy has nothing refused, and a finding that says it itself says it once', () => {
  expect(told([missing, risk('absent')]).means).not.toContain('receivers refuse');
  expect(told([risk('reject')]).means).not.toMatch(/^As soon as/);
});
