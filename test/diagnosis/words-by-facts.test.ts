import { EXAMPLE_RECORDS, EXAMPLE_SUBJECT, EXAMPLE_ZONE } from '../../lambda/diagnosis/catalog/example.ts';
import { CATALOG, wordsFor } from '../../lambda/diagnosis/catalog.ts';
import type { Subject } from '../../lambda/model/alert.ts';
import type { DnsNow, FindingFacts, FindingKind, FindingOf } from '../../lambda/model/finding.ts';
import { dnsName } from '../../lambda/model/names.ts';

const STATUSES: readonly Subject['status'][] = ['NOT_STARTED', 'PENDING', 'SUCCESS', 'TEMPORARY_FAILURE', 'FAILED', 'UNKNOWN'];
const NAME = dnsName('s1._domainkey.example.com');
const DOMAIN = dnsName('bounce.example.com');

describe('words by their facts', () => {
  const words = <K extends FindingKind>(
    kind: K,
    facts: Partial<FindingFacts[K]> = {},
    subject: Partial<Subject> = {},
    parts: Partial<FindingOf<K>> = {},
  ) => {
    const example = CATALOG[kind].example as FindingOf<K>;
    const { title, meaning, next, fix } = wordsFor<K>(
      { ...example, ...parts, facts: { ...example.facts, ...facts } },
      { ...EXAMPLE_SUBJECT, ...subject },
    );
    return { title, meaning, next, steps: fix.join('\n') };
  };

  test('a key under the parent is not to be deleted: it may be the parent’s own', () => {
    const found = [{ name: NAME, foundAt: dnsName('s1._domainkey.example.org'), how: 'under-parent' as const }];
    const own = words('record-misplaced', { found }, { method: 'byodkim' }, { records: [{ type: 'TXT', name: NAME, token: 's1' }] });
    expect(own.steps).toContain('Leave the record at the other name');
    expect(own.steps).not.toContain('Then delete');
    expect(words('record-misplaced', { found }).steps).toContain('Then delete what stands at the wrong name.');
  });

  test('chance is not called a loss', () => {
    expect(words('record-ambiguous', { usable: true }).next).toContain('If it takes a wrong one, it stops signing');
    expect(words('record-ambiguous', { usable: false }).next).toContain('At its next check SES notices and stops signing');
    expect(words('record-ambiguous', { usable: true }).steps).toContain('delete the others');
    expect(words('record-ambiguous', { usable: false }).steps).not.toContain('delete the others');
  });

  test('nobody who may have the right key is told that it is lost for certain', () => {
    for (const kind of ['key-mismatch', 'key-changed'] as const)
      expect(words(kind, {}, { method: 'byodkim' }).next).toContain('If the published key is the wrong one');
  });

  test('a MAIL FROM domain: what becomes of mail, by what SES has noticed and what it is set to do', () => {
    const say = (status: string, rejects: boolean): string => {
      const { meaning, next } = words('mail-from-broken', { status, rejects });
      return `${meaning} ${next}`;
    };
    expect(say('SUCCESS', false)).toContain('From its next check on SES sends with a MAIL FROM domain of its own');
    expect(say('SUCCESS', true)).toContain('From its next check on SES refuses to send');
    expect(say('PENDING', false)).toContain('within 72 hours, it gives up');
    expect(say('FAILED', false)).toContain('Meanwhile SES sends with a MAIL FROM domain of its own');
    expect(say('FAILED', true)).toContain('does not go out at all');
    expect(words('mail-from-broken', { problem: 'spf-missing', rejects: true }).meaning).toContain('Mail goes out');
    expect(words('mail-from-broken', { problem: 'pending', rejects: false }).steps).toBe('Nothing to do: wait.');
  });

  test('DMARC: why SPF does not help, and where to soften the policy', () => {
    expect(words('dmarc-at-risk').meaning).toContain('no custom MAIL FROM domain works');
    expect(words('dmarc-at-risk', { strictSpf: true }).meaning).toContain('aspf=s');
    expect(words('dmarc-at-risk', { strictSpf: true }).meaning).not.toContain('no custom MAIL FROM');
    expect(words('dmarc-at-risk').steps).toContain('set p=none in the TXT record at _dmarc.example.com');
    expect(words('dmarc-at-risk', { at: dnsName('_dmarc.org.example') }).steps).toContain(
      'publish a TXT record v=DMARC1; p=none at _dmarc.example.com',
    );
  });

  test.each(['verification-failed', 'revoked'] as const)('%s: what DNS shows now decides what comes first', (kind) => {
    const say = (dns: DnsNow) => words(kind, { dns }, { status: 'FAILED' });
    const right = say({ right: 3, wrong: 0, unknown: 0 });
    expect(right.meaning).toContain('DNS is right now: 3 of 3 records seen.');
    expect(right.steps).toMatch(/^Start DKIM again/);
    const wrong = say({ right: 1, wrong: 1, unknown: 1 });
    expect(wrong.meaning).toContain('DNS is not right now: 1 of 3 records seen, 1 could not be judged.');
    expect(wrong.steps).toMatch(/^At the DNS host of example.com, make sure of exactly these records[\s\S]*Start DKIM again/);
    expect(say({ right: 2, wrong: 0, unknown: 1 }).meaning).toContain('DNS is not known in full now: 2 of 3 records seen');
  });

  test('SES is asked again only where it has given up', () => {
    for (const status of STATUSES) {
      const { steps } = words('sending-lost', {}, { status });
      expect(steps.includes('verify-domain-dkim')).toBe(status === 'FAILED' || status === 'NOT_STARTED');
    }
    expect(words('sending-lost', {}, { type: 'address', identity: 'me@example.com' }).steps).toContain(
      'verify-email-identity --region eu-west-1 --email-address me@example.com',
    );
  });

  test('a replica that was denied needs a permission first', () => {
    const permission = 'ses:ReplicateEmailIdentityDKIMSigningKey for the parent identity';
    const { steps } = words('replica-broken', { errorType: 'REPLICATION_ACCESS_DENIED' });
    expect(steps.indexOf(permission)).toBeGreaterThan(0);
    expect(steps.indexOf(permission)).toBeLessThan(steps.indexOf('Look at the parent identity'));
    expect(words('replica-broken', { errorType: 'REPLICATION_PRIMARY_NOT_FOUND' }).steps).not.toContain(permission);
  });

  test('a replica takes its keys from its parent, by the name of that region', () => {
    expect(words('replica-broken', { parentRegion: 'ap-southeast-2' }).steps).toContain(
      '--signing-attributes-origin AWS_SES_AP_SOUTHEAST_2',
    );
    expect(words('replica-broken', { parentRegion: "x'; rm" }).steps).not.toMatch(/AWS_SES_X/);
    expect(words('key-weak', { where: 'easy' }, { method: 'deed' }).steps).not.toContain('aws ');
    expect(words('key-weak', { where: 'easy', nextIsLonger: true }).steps).toBe(
      'Nothing to do: 2048 bits are set for the next key that SES makes.',
    );
  });

  test('an own key that SES does not take is doubted, whatever else may be', () => {
    const doubted = words('ses-cannot-verify', { errorType: 'INVALID_VALUE' }, { method: 'byodkim' });
    expect(doubted.meaning).toContain('perhaps not the one that SES signs with');
    expect(doubted.steps).toContain('openssl rsa -in private.pem -pubout');
    for (const other of [words('ses-cannot-verify', { errorType: 'INVALID_VALUE' }), words('ses-cannot-verify', {}, { method: 'byodkim' })])
      expect(`${other.meaning}${other.steps}`).not.toMatch(/perhaps not the one|openssl/);
  });

  test('SES is late only while that can be: once the records have been right for a day, nobody is told to wait', () => {
    const since = (hours: number) => {
      const rightSince = new Date(Date.parse(EXAMPLE_SUBJECT.readAt) - hours * 3_600_000).toISOString();
      return words('ses-cannot-verify', { rightSince });
    };
    expect(since(2).meaning).toContain('SES may be late.');
    expect(since(2).steps).toContain('wait for the next check of SES');
    expect(since(96).meaning).toContain('They have looked right since 2026-02-25');
    expect(`${since(96).meaning}${since(96).steps}`).not.toMatch(/is late|may be late|came back only now|wait for|Otherwise/);
    expect(words('ses-cannot-verify', {}).meaning).toContain('If the records came back only now, SES is late.');
  });

  test('whether DNSSEC is mended is asked of a resolver that checks it: one that does not prints the right answer all the while', () => {
    const asked = words('dnssec-bogus').steps.match(/^dig .* CNAME .*$/gm) ?? [];
    expect(asked).not.toEqual([]);
    for (const line of asked) expect(line).toMatch(/^dig @1\.1\.1\.1 \+short CNAME /);
    expect(words('record-missing').steps).toContain('dig +short CNAME');
  });

  test('name servers: one is not several', () => {
    expect(words('nameserver-broken').title).toBe('1 of 2 name servers does not work: example.com');
    const all = words('nameserver-broken', { all: true, of: 3 }, {}, { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE });
    expect(all.title).toBe('No name server knows the domain any more: example.com');
    expect(all.steps).toContain(`dig +short CNAME ${EXAMPLE_RECORDS[0]?.name}`);
  });

  test('the MX and the SPF record of one domain are shown as they are to be typed', () => {
    const { steps } = words(
      'mail-from-broken',
      { problem: 'ses-status', status: 'FAILED', domain: DOMAIN },
      {},
      {
        records: [
          { type: 'MX', name: DOMAIN, exchange: dnsName('feedback-smtp.eu-west-1.amazonses.com') },
          { type: 'SPF', name: DOMAIN },
        ],
      },
    );
    expect(steps).toContain('bounce.example.com.  MX  10 feedback-smtp.eu-west-1.amazonses.com.');
    expect(steps).toContain('bounce.example.com.  TXT  v=spf1 include:amazonses.com ~all');
    expect(steps).toContain('--mail-from-domain bounce.example.com --behavior-on-mx-failure USE_DEFAULT_VALUE');
  });
});
