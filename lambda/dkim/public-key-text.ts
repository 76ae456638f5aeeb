// Reads the public key that somebody typed into a setting or behind a flag: the text after p= in the record, and nothing that only looks like it.
import { COMMAND } from '../model/command.ts';
import { type Parsed, quoted } from '../model/names.ts';
import { withoutPrivateKeys } from '../model/private-keys.ts';
import { type FoundKey, type NoKey, readKeyFile } from './key-file.ts';
import type { TextFlaw } from './key-text.ts';

/** What base64 may lack or have without meaning anything else. */
const HARMLESS: readonly TextFlaw[] = ['line-breaks', 'padding'];

const AFTER_P = 'give the base64 text that stands after p= in the record';
const TO_BASE64 = '-outform DER | openssl base64 -A';

/**
 * The key as base64 SubjectPublicKeyInfo, encoded anew. Otherwise what is wrong, as the end of a sentence whose subject is the place where the
 * text stood; nothing of a key is in it, for the text may be a private one.
 */
export function parsePublicKeyText(text: string): Parsed<string> {
  const found = readKeyFile(Buffer.from(text), 'public');
  const plain = found.kind === 'key' && found.form === 'spki' && found.wrapping === 'base64';
  if (plain && found.flaws.every((flaw) => HARMLESS.includes(flaw))) return { ok: true, value: found.publicKey };
  return { ok: false, problem: isPrivate(text, found) ? PRIVATE : found.kind === 'no-key' ? noKey(found, text) : wrapped(found) };
}

/** Whole, cut, encrypted, or in a wrapping of any kind. */
function isPrivate(text: string, found: FoundKey | NoKey): boolean {
  const said = found.kind === 'key' ? found.role === 'private' : found.reason === 'encrypted';
  return said || withoutPrivateKeys(text) !== text;
}

const PRIVATE =
  `is a PRIVATE key, which is not shown here. Take it out, and if anybody else could read it, make a new pair: ${COMMAND} byodkim new. ` +
  `The public one is wanted, which this prints: openssl rsa -in private.pem -pubout ${TO_BASE64}`;

const PKCS1 =
  'is a public key in the PKCS #1 form ("BEGIN RSA PUBLIC KEY"), with which no record works. This prints it in the right form: ' +
  `openssl rsa -RSAPublicKey_in -in public.pem -pubout ${TO_BASE64}`;

function wrapped({ form, wrapping }: FoundKey): string {
  if (form === 'pkcs1') return PKCS1;
  return wrapping === 'pem'
    ? 'is a public key as a file has it: leave out the BEGIN and END lines.'
    : `holds a public key and something around it: ${AFTER_P}, and nothing else.`;
}

function noKey({ reason, detail = '' }: NoKey, text: string): string {
  switch (reason) {
    case 'certificate':
      return `is a certificate. This prints the key in it: openssl x509 -in certificate.pem -noout -pubkey | openssl rsa -pubin ${TO_BASE64}`;
    case 'certificate-request':
      return `is a request for a certificate. This prints the key in it: openssl req -in request.pem -noout -pubkey | openssl rsa -pubin ${TO_BASE64}`;
    case 'ed25519':
      return 'is an Ed25519 key. SES signs with RSA only.';
    case 'ec':
      return 'is an elliptic-curve key. SES signs with RSA only.';
    case 'other-type':
      return 'is a key of another kind. SES signs with RSA only.';
    case 'openssh':
    case 'openssh-public':
      return `is a key in the form of SSH: ${AFTER_P}.`;
    case 'cut':
      return `is a key that was cut: ${detail} are there. Copy it whole: all that stands after p= in the record.`;
    case 'pkcs12':
      return `is a PKCS #12 store, not a key: ${AFTER_P}.`;
    case 'encrypted':
    case 'private-in-record':
      return PRIVATE;
    case 'empty':
    case 'not-base64':
    case 'damaged':
    case 'bad-record':
    case 'broken-json':
    case 'not-a-key':
      return `${named(text)}is not a public key: ${/BEGIN/.test(text) ? 'leave out the BEGIN and END lines' : AFTER_P}.`;
  }
}

/** Long texts may hold a key that nothing recognises. */
const named = (text: string): string => (text.length <= 40 ? `holds ${quoted(text)}, which ` : '');
