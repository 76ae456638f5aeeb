// The words for why a DKIM signature does not hold.
import type { SignatureFailure } from '../lambda/dkim/judge-signature.ts';

/** One sentence each; `detail` is what was found, made harmless. */
export const FAILURE_WORDS: { readonly [R in SignatureFailure]: (detail: string) => string } = {
  malformed: (detail) => `The signature cannot be read: ${detail}.`,
  'algorithm-unknown': (detail) => `It is made with an algorithm that receivers do not know: ${detail === '' ? 'none is named' : detail}.`,
  'algorithm-sha1': () => 'It is made with SHA-1, which receivers must not accept any more (RFC 8301). SES signs with SHA-256.',
  'from-not-signed': () => 'It does not cover the From line, so it says nothing about the sender.',
  'identity-outside': (detail) => `Its identity (i=${detail}) does not belong to its domain (d=).`,
  'key-missing': (detail) => `There is no key in DNS: ${detail === 'nxdomain' ? 'the name does not exist' : 'the name has no TXT record'}.`,
  'key-revoked': () => 'The key in DNS is revoked: its p= is empty.',
  'key-malformed': (detail) => `The key in DNS is damaged. ${detail}`,
  'key-wrong-type': (detail) => `The key in DNS is of another kind (${detail}) than the signature.`,
  'key-too-short': (detail) => `The key in DNS has ${detail} bits; receivers refuse RSA keys under 1024.`,
  'key-restricted': (detail) => `The ${detail}= tag of the key in DNS does not allow this signature.`,
  'key-testing': () => 'The key in DNS is marked as a test (t=y): receivers treat the mail as unsigned.',
  'key-several': (detail) => `There are ${detail} TXT records where one belongs: receivers may take any.`,
  'header-changed': () =>
    'It does not fit the key in DNS: a signed header line was changed on the way, or another key was published since the mail was signed.',
  'body-changed': () =>
    'The body is not the one that was signed: something on the way changed it, or the file is not the message as it came.',
  'body-not-covered': () => 'It covers nothing of the body (l=0), so anybody can have put another text in.',
  expired: (detail) => `It expired (${detail}).`,
};
