import { rightSince } from '../../lambda/diagnosis/right-since.ts';
import type { IdentityHistory } from '../../lambda/model/evidence.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const EARLY = '2026-06-01T02:00:00.000Z';
const DARK = '2026-06-01T05:00:00.000Z';
const history = (more: Partial<IdentityHistory>): IdentityHistory => ({ firstSeenAt: EARLY, unknownSweeps: 0, ...more });
const looked = (lastCheckedAt?: string) => ({
  ses: { status: 'PENDING', readAt: NOW, ...(lastCheckedAt === undefined ? {} : { lastCheckedAt }) } as const,
});

test.each([
  ['at first sight', looked(EARLY), undefined, NOW],
  ['seen wrong before', looked(EARLY), history({}), NOW],
  ['seen right all the time', looked(DARK), history({ dnsRightSince: EARLY }), EARLY],
  [
    'nobody could see, and SES last looked before that',
    looked('2026-06-01T04:00:00Z'),
    history({ dnsRightSince: EARLY, unknownSince: DARK }),
    EARLY,
  ],
  [
    'nobody could see, and SES looked meanwhile',
    looked('2026-06-01T06:00:00Z'),
    history({ dnsRightSince: EARLY, unknownSince: DARK }),
    NOW,
  ],
  ['nobody could see, and SES does not say when it looked', looked(), history({ dnsRightSince: EARLY, unknownSince: DARK }), NOW],
  [
    'nobody could see, SES looked meanwhile, and had disagreed before',
    looked('2026-06-01T06:00:00Z'),
    history({ dnsRightSince: EARLY, unknownSince: DARK, sesDisputes: true }),
    EARLY,
  ],
  ['nobody could see before it became right', looked('2026-06-01T06:00:00Z'), history({ dnsRightSince: DARK, unknownSince: EARLY }), DARK],
] as const)('%s', (_, identity, before, expected) => expect(rightSince(identity, before, NOW)).toBe(expected));
