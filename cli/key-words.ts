// The words for what is wrong with a key file, or worth knowing about it: one sentence or two each.
import type { KeyNote, KeyProblem } from '../lambda/dkim/judge-key-file.ts';
import type { FoundKey, Wrapping } from '../lambda/dkim/key-file.ts';

type Words = (detail: string) => string;

/** `detail` is what was found, where the reader of the file gave it; it is no part of a key. */
export const PROBLEM_WORDS: { readonly [P in KeyProblem]: Words } = {
  // The text around the key.
  'byte-order-mark': () => 'The file begins with a byte-order mark, an invisible sign that some editors write. In base64 it is an error.',
  'utf-16': () => 'The file is written as UTF-16, as the > of PowerShell does; its every second byte is an empty one.',
  quotes: () => 'The quotation marks are part of the file. Base64 has none.',
  'typed-line-breaks': () => 'Line breaks are written as a backslash and an n, as in a variable; SES does not take them.',
  'line-breaks': () =>
    'The base64 stands on several lines. SES answers BadRequestException, or never verifies the domain, until all line breaks are removed.',
  'half-header': () => 'Of the header line and the footer line ("-----BEGIN …", "-----END …") only a part was removed.',
  'changed-dashes': () =>
    'The dashes around BEGIN and END are not the five hyphens that belong there: a word processor or a form changed them. OpenSSL and SES find no key in it.',
  'pem-layout': () => 'The header, the base64 and the footer do not stand on lines of their own, so OpenSSL cannot read the file.',
  base64url: () => 'It is written in the base64 of URLs, with - and _ in place of + and /. SES takes the usual one.',
  padding: () => 'The = at the end of the base64 are missing.',
  'encoded-twice': () =>
    'A whole key file was encoded in base64 once more (in Terraform: base64encode of private_key_pem). SES takes it without a word and never verifies the domain.',
  'pem-in-attributes': () =>
    'The header and footer lines are part of DomainSigningPrivateKey. SES answers BadRequestException until they and all line breaks are removed.',
  // The role.
  'public-for-private': () => 'This is a public key. SES needs the private one; a public one is looked at with --public-key.',
  'private-for-public': () => 'This is the PRIVATE key. Never publish it: whoever reads it can sign mail in your name.',
  // The form.
  'pkcs1-public': () =>
    'The form is PKCS #1 ("BEGIN RSA PUBLIC KEY"). A DKIM record needs the other form (SubjectPublicKeyInfo): with this one in it, receivers can check nothing.',
  // The length.
  'too-short': () => 'The key is too short: SES takes RSA keys of 1024 to 2048 bits, and mailbox providers refuse shorter ones.',
  'too-long': () => 'The key is too long: SES takes RSA keys of 1024 to 2048 bits.',
  // No key that could be used.
  empty: (detail) => (detail === '' ? 'There is nothing in it.' : `There is no key in it: ${detail}.`),
  encrypted: () => 'The private key is encrypted with a passphrase, for which SES cannot ask.',
  certificate: () => 'This is a certificate. It holds a public key, and no private one.',
  'certificate-request': () => 'This is a request for a certificate. It holds a public key, and no private one.',
  openssh: () => 'This key is written in the form of SSH (ssh-keygen), which SES does not read.',
  'openssh-public': () => 'This is the public half of a key, written in the form of SSH (ssh-keygen), which DKIM does not know.',
  pkcs12: () => 'This is a PKCS #12 store (.p12, .pfx): it holds keys and certificates under a password, for which SES cannot ask.',
  ec: () => 'This is an elliptic-curve key. SES signs with RSA only.',
  ed25519: () => 'This is an Ed25519 key. SES signs with RSA only.',
  'other-type': (detail) => `This is a key of another kind${detail === '' ? '' : ` (${detail})`}. SES signs with RSA only.`,
  cut: (detail) => `The key is cut: ${detail === '' ? 'only a part of it' : detail} are there. Some forms and editors cut long lines.`,
  'not-base64': (detail) => `There is a ${detail === '' ? 'character' : `"${detail}"`} in the key that base64 does not have there.`,
  damaged: () => 'The key is damaged: its parts do not belong together. A character was lost, added or changed.',
  'bad-record': (detail) => `It is the text of a DKIM record that cannot be used. ${detail}`,
  'private-in-record': () =>
    'It is the text of a DKIM record with the PRIVATE key in the place of the public one. Never publish it: whoever reads it can sign mail in your name.',
  'broken-json': () =>
    'It speaks of a DomainSigningPrivateKey, but the JSON is broken, so nothing can be read out of it: a quotation mark, a comma or a bracket is missing, or a line break stands inside the key.',
  'not-a-key': (detail) => `There is no key in it${detail === '' ? '' : ` (${detail})`}.`,
};

/** What a note says. */
export const NOTE_WORDS: { readonly [N in KeyNote]: string } = {
  pkcs8:
    'The form is PKCS #8. AWS describes it as right in one place and asks for PKCS #1 in another, and domains have stayed unverified with it: give SES the PKCS #1 form, as shown below.',
  'pkcs1-public': 'The file has the PKCS #1 form. A DKIM record needs the other one (SubjectPublicKeyInfo); the published record has it.',
  weak: '1024 bits are the least that is allowed. Take 2048 for the next key.',
  'odd-length': 'AWS allows 1024 to 2048 bits in one place, and either 1024 or 2048 in another. 2048 is safe.',
};

/** How the key is written, in a few words. */
export const WRAPPING_WORDS: { readonly [W in Wrapping]: string } = {
  pem: 'PEM: base64 between a header and a footer line',
  base64: 'base64 without header and footer, as SES takes it',
  der: 'DER: bytes, not text',
  record: 'the text of a DKIM record',
  'signing-attributes': 'JSON with DomainSigningPrivateKey, as the AWS CLI takes it',
};

const FORMS = { pkcs1: 'PKCS #1', pkcs8: 'PKCS #8', spki: 'SubjectPublicKeyInfo' } as const;

/** `RSA private key, 2048 bits, PKCS #1`. */
export function keyInShort(file: FoundKey): string {
  return `RSA ${file.role} key, ${file.bits} bits, ${FORMS[file.form]}`;
}
