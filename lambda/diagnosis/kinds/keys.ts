// Section B of the kinds: what the key record says. Of Easy DKIM only what stands in a TXT with content.
import type { KindRow } from '../kinds.ts';

export const KEY_KINDS = {
  'key-revoked': {
    section: 'B',
    severities: ['critical'],
    summary: 'The key was revoked: p= is empty.',
    found: 'The TXT at the selector says p= and nothing behind it. An entirely empty TXT behind a CNAME of Easy DKIM is normal.',
  },
  'key-malformed': {
    section: 'B',
    severities: ['critical'],
    summary: 'The key record is damaged.',
    found: 'The TXT at the selector cannot be read as a key record (RFC 6376 §3.6.1), or its p= as a public RSA key.',
  },
  'key-wrong-type': {
    section: 'B',
    severities: ['critical'],
    summary: 'The key is not an RSA key.',
    found: 'The k= of the record is not rsa, or the key in p= is of another kind.',
  },
  'key-too-short': {
    section: 'B',
    severities: ['critical'],
    summary: 'The key has fewer than 1024 bits.',
    found: 'The length of the public key in p=. Receivers must not accept it (RFC 8301).',
  },
  'key-weak': {
    section: 'B',
    severities: ['notice'],
    summary: 'The key has 1024 bits; 2048 are better.',
    found: "The length of the public key in p=, or for Easy DKIM the length of SES's key as SES tells it.",
  },
  'key-testing': {
    section: 'B',
    severities: ['warning'],
    summary: 'The key is marked as a test (t=y).',
    found: 'The record has t=y: receivers may treat its mail as if it were not signed.',
  },
  'key-restricted': {
    section: 'B',
    severities: ['critical'],
    summary: 'The record forbids the key for mail, or for SHA-256.',
    found: 'The record has an s= without * and email, or an h= without sha256.',
  },
  'key-mismatch': {
    section: 'B',
    severities: ['critical'],
    summary: 'The published key is not the configured one.',
    found: 'The key in p= differs from the one that stands for the identity under "byodkim" in the configuration.',
  },
  'key-changed': {
    section: 'B',
    severities: ['warning'],
    summary: 'The published key changed since it was last healthy.',
    found: 'The key in p= differs from the one remembered from the last healthy sweep, and none is configured to compare with.',
  },
} as const satisfies Readonly<Record<string, KindRow>>;
