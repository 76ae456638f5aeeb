// What people are told to do about what cannot be judged, and when the fault may be ours.
import { renderTelling } from '../../lambda/messages/render.ts';
import type { AffectedIdentity } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { Message } from '../../lambda/model/message.ts';
import { subject } from './build.ts';
import { blind, blindAlert, NOW, one, REFUSED, SILENT } from './build-unjudged.ts';

describe('what people can do', () => {
  const stepsFor = (...affected: readonly AffectedIdentity[]): string =>
    renderTelling(one(blindAlert(affected)), NOW).email.replace(/\s+/g, ' ');

  test.each([
    ['refusing servers', { outcome: REFUSED }, /refuse to speak for the domain.*Ask the DNS host whether the zone still exists/],
    ['silent servers', { outcome: SILENT }, /do not answer\. Look at the delegation/],
    ['servers given up', { outcome: { kind: 'not-asked', how: 'server-dead' } as const }, /do not answer\. Look at the delegation/],
    ['failing servers', { outcome: { kind: 'broken', how: 'servfail' } as const }, /an error of their own\. Ask the DNS host/],
    ['no evidence', {}, /Look at the delegation of the domain at its registrar, then ask the DNS host/],
    ['resolvers down', { reason: 'resolver-failed' }, /"dns" in monitor\.config\.json and at the network of the monitor/],
    ['IPv6 only', { reason: 'ipv6-only' }, /Ask the DNS host for an IPv4 address/],
    ['private servers', { reason: 'address-refused' }, /allowPrivateNameServers/],
    ['answers that change', { reason: 'unconfirmed' }, /whether all its servers hold the same zone/],
    ['something odd', { reason: 'not-judged' }, /Compare it with the records that SES shows/],
    ['no time', { reason: 'out-of-time' }, /sweep less often/],
    ['SES said too little', { reason: 'no-expectation' }, /Look at the identity in the SES console/],
    ['a reason of another version', { reason: 'brand-new' }, /then ask the DNS host/],
  ])('%s', (_name, given, expected) => {
    expect(stepsFor(blind('example.com', given))).toMatch(expected);
  });

  test('several causes: each with whom it concerns, the most frequent first', () => {
    const steps = stepsFor(blind('c.com', { outcome: SILENT }), blind('a.com', { outcome: REFUSED }), blind('b.com', { outcome: REFUSED }));
    expect(steps).toMatch(/1\. a\.com and b\.com: The name servers answer, but refuse.*2\. c\.com: The name servers do not answer/);
  });

  test('commands hold parsed names only', () => {
    const odd = { ...blind('example.com'), subject: subject('x; rm -rf ~') };
    const [finding] = odd.findings;
    const without = { ...odd, findings: [{ ...(finding as Finding), zone: undefined, records: [] } as unknown as Finding] };
    expect(stepsFor(without)).not.toMatch(/dig/);
    expect(stepsFor(blind('example.com'))).toMatch(/dig NS example\.com dig TXT abc\._domainkey\.example\.com/);
  });
});

describe('whether the fault may be ours', () => {
  const says = (n: number, watched?: number): Message =>
    renderTelling(
      one(blindAlert([...Array(n).keys()].map((i) => blind(`d${i}.com`))), 'opened', watched === undefined ? {} : { watched }),
      NOW,
    );

  test.each([
    [36, 36, 'That is everything that is watched there'],
    [36, 40, 'That is nearly everything that is watched there'],
  ])('%i of %i', (n, watched, expected) => {
    for (const body of [says(n, watched).email.replace(/\s+/g, ' '), says(n, watched).chat]) expect(body).toContain(expected);
  });

  test.each([
    [35, 40],
    [2, 2],
    [36, undefined],
  ])('%p of %p: not said', (n, watched) => {
    expect(says(n, watched).email).not.toContain('FAULT MAY BE OURS');
  });

  test('not where SES said too little', () => {
    const silent = [...Array(5).keys()].map((i) => blind(`d${i}.com`, { reason: 'not-read' }));
    expect(renderTelling(one(blindAlert(silent), 'opened', { watched: 5 }), NOW).email).not.toContain('FAULT MAY BE OURS');
  });
});
