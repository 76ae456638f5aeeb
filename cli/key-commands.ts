// The exact commands that mend a key file: OpenSSL 3 and what every Unix has. What they write is readable by its owner only.
import { shellQuoted } from '../lambda/diagnosis/shell.ts';
import type { KeyProblem } from '../lambda/dkim/judge-key-file.ts';
import type { FoundKey, KeyFile, KeyRole } from '../lambda/dkim/key-file.ts';
import type { TextFlaw } from '../lambda/dkim/key-text.ts';
import { COMMAND } from '../lambda/model/command.ts';

/** What takes a flaw away, as a filter between two pipes, in the order in which they must come. */
const FILTERS: readonly (readonly [TextFlaw, string])[] = [
  ['byte-order-mark', 'tail -c +4'],
  ['utf-16', 'iconv -f UTF-16 -t US-ASCII'],
  ['quotes', `tr -d "\\"'"`],
  ['typed-line-breaks', `sed -e 's/\\\\[rn]//g'`],
  ['half-header', `sed -e 's/-----[A-Z0-9 ]*-----//g' -e 's/-----[A-Z0-9 ]*$//'`],
  ['base64url', `tr '_-' '/+'`],
];

const BARE = `sed -e 's/-----[A-Z0-9 ]*-----//g'`;
const STRIP = `tr -d ' \\t\\r\\n'`;
const PAD = `awk '{while (length($0) % 4) $0 = $0 "="; print}'`;
const DECODE = 'openssl base64 -d -A';
const ENCODE = 'openssl base64 -A';
/** OpenSSL before 3.0 and LibreSSL have no `-traditional`: there PKCS #1 is what `openssl rsa` writes anyway. */
const TO_PKCS1 = 'openssl rsa -inform DER -traditional -outform DER';
const TO_SPKI = 'openssl rsa -inform DER -pubin -pubout -outform DER';

/** The file that the commands below write for SES. */
const SES_KEY_FILE = 'ses-key.txt';
/** What becomes of that file: it is a private key, and must not lie about. */
export const HAND_OVER = "Put its content into DomainSigningPrivateKey (or the console's private key field), then delete the file:";
export const DELETE_SES_KEY = `rm ${SES_KEY_FILE}`;

/** How the file is called in a command; standard input has no name. */
export function fileWord(name: string): string {
  return name === '-' ? 'KEY_FILE' : shellQuoted(name.startsWith('-') ? `./${name}` : name);
}

/** Into a file that nobody else can read. */
const owned = (command: string, file: string): string => `(umask 077; ${command} > ${file})`;

/**
 * One command that makes of a flawed file what SES takes (private), or what stands after p= (public): base64 on one line, PKCS #1 or
 * SubjectPublicKeyInfo. Undefined where the text is part of some JSON: then the JSON is made anew by {@link attributesCommand}.
 */
export function mendCommand(file: FoundKey, name: string): string | undefined {
  if (file.wrapping === 'signing-attributes' || file.wrapping === 'record') return undefined;
  const filters = FILTERS.flatMap(([flaw, filter]) => (file.flaws.includes(flaw) ? [filter] : []));
  const twice = file.flaws.includes('encoded-twice') ? [STRIP, DECODE] : [];
  const header = file.wrapping === 'pem' ? [BARE] : [];
  const padded = file.flaws.includes('padding') ? [STRIP, PAD] : [];
  const [first = STRIP, ...rest] = [
    ...twice,
    ...filters,
    ...header,
    ...padded,
    STRIP,
    DECODE,
    file.role === 'private' ? TO_PKCS1 : TO_SPKI,
    ENCODE,
  ];
  const steps = [first.startsWith('tail') ? `${first} ${fileWord(name)}` : `${first} < ${fileWord(name)}`, ...rest];
  return owned(steps.join(' | '), file.role === 'private' ? SES_KEY_FILE : 'p.txt');
}

/** What SES takes of a sound private key: PKCS #1 in base64, without header, footer and line breaks. Undefined if the file is that already. */
export function sesKeyCommand(file: FoundKey, name: string): string | undefined {
  const word = fileWord(name);
  if (file.wrapping === 'pem') return owned(`openssl rsa -in ${word} -traditional -outform DER | ${ENCODE}`, SES_KEY_FILE);
  if (file.wrapping === 'der') return owned(`openssl rsa -inform DER -in ${word} -traditional -outform DER | ${ENCODE}`, SES_KEY_FILE);
  return file.wrapping === 'base64' && file.form === 'pkcs8'
    ? owned(`${STRIP} < ${word} | ${DECODE} | ${TO_PKCS1} | ${ENCODE}`, SES_KEY_FILE)
    : undefined;
}

/** The JSON for `--signing-attributes`, from a key file in PEM. The shell's own printf keeps the key out of the list of processes. */
export function attributesCommand(selector: string): string {
  const key = `$(openssl rsa -in private.pem -traditional -outform DER | ${ENCODE})`;
  return owned(
    `printf '{"DomainSigningSelector":"%s","DomainSigningPrivateKey":"%s"}' ${shellQuoted(selector)} "${key}"`,
    'signing-attributes.json',
  );
}

const NEW_PAIR_COMMAND = `${COMMAND} byodkim new DOMAIN --selector NEW_SELECTOR`;
const NEW_PAIR = `Make a new pair:\n${NEW_PAIR_COMMAND}`;
/** Beside another step: not to be done after it, but in its place. */
const NEW_PAIR_IF_LOST = `Only if the private key is lost: make a new pair:\n${NEW_PAIR_COMMAND}`;

/** The steps against one problem that no filter mends; empty for those that {@link mendCommand} mends. */
export function remedy(problem: KeyProblem, wanted: KeyRole, name: string): readonly string[] {
  const word = fileWord(name);
  const half = (command: string): readonly string[] =>
    wanted === 'public'
      ? [`Take the public key out of it:\n${command}`]
      : [
          'The private key was made together with it and is a file of its own ("-----BEGIN PRIVATE KEY-----"): give that one.',
          NEW_PAIR_IF_LOST,
        ];
  switch (problem) {
    case 'encrypted':
      return [`Write it without the passphrase (which OpenSSL asks for):\n${owned(`openssl rsa -in ${word} -traditional`, 'private.pem')}`];
    case 'certificate':
      return half(`openssl x509 -in ${word} -noout -pubkey > public.pem`);
    case 'certificate-request':
      return half(`openssl req -in ${word} -noout -pubkey > public.pem`);
    case 'openssh':
      return [
        'If it is an RSA key of 1024 to 2048 bits, write a copy in the usual form; otherwise make a new pair:' +
          `\n${owned(`cat ${word}`, 'private.pem')} && ssh-keygen -p -N '' -m PEM -f private.pem`,
      ];
    case 'private-for-public':
      return [`Its public half:\nopenssl rsa -in ${word} -pubout -out public.pem`];
    case 'public-for-private':
      return ['Give the file that holds the private key.', NEW_PAIR_IF_LOST];
    case 'cut':
    case 'damaged':
    case 'not-base64':
    case 'empty':
    case 'not-a-key':
    case 'bad-record':
      return ['Copy the file anew from where the key was made.', NEW_PAIR_IF_LOST];
    case 'too-short':
    case 'too-long':
    case 'ec':
    case 'ed25519':
    case 'other-type':
      return [`${NEW_PAIR}`, `Or with OpenSSL 3:\n${owned('openssl genrsa -traditional 2048', 'private.pem')}`];
    case 'byte-order-mark':
    case 'utf-16':
    case 'quotes':
    case 'typed-line-breaks':
    case 'line-breaks':
    case 'half-header':
    case 'pem-layout':
    case 'base64url':
    case 'padding':
    case 'encoded-twice':
    case 'pem-in-attributes':
      return [];
  }
}

/** All steps against what is wrong with a file, in order. */
export function remedies(
  file: KeyFile,
  problems: readonly KeyProblem[],
  wanted: KeyRole,
  name: string,
  selector: string,
): readonly string[] {
  const own = problems.flatMap((problem) => remedy(problem, wanted, name));
  const flawed = file.kind === 'key' && file.role === wanted && file.flaws.length > 0;
  if (!flawed || own.length > 0) return [...new Set(own)];
  const command = mendCommand(file, name);
  if (command !== undefined && file.role === 'private')
    return [`Write it anew, in the one form that SES takes:\n${command}`, `${HAND_OVER}\n${DELETE_SES_KEY}`];
  if (command !== undefined) return [`Write it anew, in the one form that SES takes:\n${command}`];
  return [`Make the JSON anew from the key file (here private.pem):\n${attributesCommand(selector)}`];
}
