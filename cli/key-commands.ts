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
  // Byte by byte: a dash of another character set is no character here.
  ['changed-dashes', `LC_ALL=C sed -n '/BEGIN [A-Z ]*KEY/,/END [A-Z ]*KEY/p'`],
  ['changed-dashes', `LC_ALL=C sed -e 's/.*BEGIN [A-Z ]*KEY//' -e 's/END [A-Z ]*KEY.*//'`],
  ['changed-dashes', `LC_ALL=C tr -cd 'A-Za-z0-9+/='`],
];

const BARE = `sed -e 's/-----[A-Z0-9 ]*-----//g'`;
const STRIP = `tr -d ' \\t\\r\\n'`;
const PAD = `awk '{while (length($0) % 4) $0 = $0 "="; print}'`;
const DECODE = 'openssl base64 -d -A';
const ENCODE = 'openssl base64 -A';
/** OpenSSL before 3.0 and LibreSSL have no `-traditional`: there PKCS #1 is what `openssl rsa` writes anyway. */
const TO_PKCS1 = 'openssl rsa -inform DER -traditional -outform DER';
const TO_SPKI = 'openssl rsa -inform DER -pubin -pubout -outform DER';
const PKCS1_TO_SPKI = 'openssl rsa -inform DER -RSAPublicKey_in -pubout -outform DER';
/** The key's text out of the JSON for the AWS CLI, without what JSON makes of line breaks and slashes. */
const OUT_OF_JSON = [`sed -n 's/.*"DomainSigningPrivateKey"[^"]*"\\([^"]*\\)".*/\\1/p'`, `sed -e 's/\\\\[rn]//g' -e 's/\\\\//g'`];

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
  const to = file.role === 'private' ? TO_PKCS1 : file.form === 'pkcs1' ? PKCS1_TO_SPKI : TO_SPKI;
  const target = file.role === 'private' ? SES_KEY_FILE : 'p.txt';
  if (file.wrapping === 'der') return owned(`${to} -in ${fileWord(name)} | ${ENCODE}`, target);
  return owned([...bytesOf(file, name), to, ENCODE].join(' | '), target);
}

/** One command that writes the public half of a private key, in PEM, whatever is wrong with the text around it. */
export function publicHalfCommand(file: FoundKey, name: string): string {
  const out = '-pubout -out public.pem';
  if (file.wrapping === 'der') return `openssl rsa -inform DER -in ${fileWord(name)} ${out}`;
  if (file.wrapping === 'pem' && file.flaws.length === 0) return `openssl rsa -in ${fileWord(name)} ${out}`;
  return [...bytesOf(file, name), `openssl rsa -inform DER ${out}`].join(' | ');
}

/** The steps of a pipe that ends in the bytes of the key. */
function bytesOf(file: FoundKey, name: string): readonly string[] {
  const json = file.wrapping === 'signing-attributes';
  const filters = FILTERS.filter(([flaw]) => file.flaws.includes(flaw));
  // Of the file, not of a text inside it.
  const outer = filters.filter(([flaw]) => flaw === 'byte-order-mark' || flaw === 'utf-16').map(([, filter]) => filter);
  const inner = filters.filter(([flaw]) => flaw !== 'byte-order-mark' && flaw !== 'utf-16').map(([, filter]) => filter);
  const twice = file.flaws.includes('encoded-twice') ? [STRIP, DECODE] : [];
  const header = file.wrapping === 'pem' || json ? [BARE] : [];
  const padded = file.flaws.includes('padding') ? [STRIP, PAD] : [];
  const filtered = json ? [...outer, ...OUT_OF_JSON, ...twice, ...inner] : [...twice, ...outer, ...inner];
  const [first = STRIP, ...rest] = [...filtered, ...header, ...padded, STRIP, DECODE];
  return [first.startsWith('tail') ? `${first} ${fileWord(name)}` : `${first} < ${fileWord(name)}`, ...rest];
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

/** Stands in commands where a selector must be chosen first. */
export const NEW_SELECTOR = 'NEW_SELECTOR';

interface Case {
  readonly file: KeyFile;
  readonly wanted: KeyRole;
  readonly name: string;
  readonly selector: string;
}

/** The steps against one problem that no filter mends; empty for those that {@link mendCommand} mends. */
function remedy(problem: KeyProblem, { file, wanted, name, selector }: Case): readonly string[] {
  const word = fileWord(name);
  switch (problem) {
    case 'encrypted':
      return [`Write it without the passphrase (which OpenSSL asks for):\n${owned(`openssl rsa -in ${word} -traditional`, 'private.pem')}`];
    case 'certificate':
      return halfOf(wanted, `openssl x509 -in ${word} -noout -pubkey > public.pem`);
    case 'certificate-request':
      return halfOf(wanted, `openssl req -in ${word} -noout -pubkey > public.pem`);
    case 'pkcs12':
      return [outOfStore(file.kind === 'no-key' && file.inBase64 === true ? `${STRIP} < ${word} | ${DECODE} |` : '', word, wanted)];
    case 'openssh':
      return [
        'If it is an RSA key of 1024 to 2048 bits, write a copy in the usual form; otherwise make a new pair:' +
          `\n${owned(`cat ${word}`, 'private.pem')} && ssh-keygen -p -N '' -m PEM -f private.pem`,
      ];
    case 'openssh-public':
      return wanted === 'public'
        ? [`Write it in the usual form:\nssh-keygen -e -m PKCS8 -f ${word} > public.pem`]
        : ['The private key is a file of its own, mostly of the same name without .pub: give that one.', NEW_PAIR_IF_LOST];
    case 'private-for-public':
      return file.kind === 'key' ? [`Its public half:\n${publicHalfCommand(file, name)}`] : [];
    case 'public-for-private':
      return ['Give the file that holds the private key.', NEW_PAIR_IF_LOST];
    case 'private-in-record':
      return [
        `If this was ever published, everybody could read the key. Then make a new pair, with a new selector:\n${NEW_PAIR_COMMAND}`,
        wanted === 'private'
          ? 'If it never was: give the file of the key itself.'
          : 'If it never was: what belongs behind p= is the public key, which this prints:\nopenssl rsa -in private.pem -pubout -outform DER | openssl base64 -A',
      ];
    case 'broken-json':
      return [remadeJson(selector)];
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
    case 'changed-dashes':
    case 'pem-layout':
    case 'base64url':
    case 'padding':
    case 'encoded-twice':
    case 'pem-in-attributes':
    case 'pkcs1-public':
      return [];
  }
}

function halfOf(wanted: KeyRole, command: string): readonly string[] {
  return wanted === 'public'
    ? [`Take the public key out of it:\n${command}`]
    : [
        'The private key was made together with it and is a file of its own ("-----BEGIN PRIVATE KEY-----"): give that one.',
        NEW_PAIR_IF_LOST,
      ];
}

/** `before` is what makes bytes of the file, where it holds base64. */
function outOfStore(before: string, word: string, wanted: KeyRole): string {
  const store = before === '' ? `openssl pkcs12 -in ${word} -nocerts -nodes` : `${before} openssl pkcs12 -nocerts -nodes`;
  const command =
    wanted === 'private' ? owned(`${store} | openssl rsa -traditional`, 'private.pem') : `${store} | openssl rsa -pubout -out public.pem`;
  return `Take the ${wanted} key out of it (OpenSSL asks for the password; if it refuses an old store, add -legacy behind pkcs12):\n${command}`;
}

function remadeJson(selector: string): string {
  const chosen = selector === NEW_SELECTOR ? `, with the selector in place of ${NEW_SELECTOR}` : '';
  return `Make the JSON anew from the key file (here private.pem)${chosen}:\n${attributesCommand(selector)}`;
}

/** Keys that SES never takes, whatever is done to the file. */
const UNFIT: readonly KeyProblem[] = ['too-short', 'too-long'];

/** All steps against what is wrong with a file, in order. `selector` is {@link NEW_SELECTOR} where there is no good one yet. */
export function remedies(
  file: KeyFile,
  problems: readonly KeyProblem[],
  wanted: KeyRole,
  name: string,
  selector: string,
): readonly string[] {
  const unfit = problems.filter((problem) => UNFIT.includes(problem));
  const own = (unfit.length > 0 ? unfit : problems).flatMap((problem) => remedy(problem, { file, wanted, name, selector }));
  const flawed = file.kind === 'key' && file.role === wanted && (file.flaws.length > 0 || problems.includes('pkcs1-public'));
  if (!flawed || own.length > 0) return [...new Set(own)];
  const command = mendCommand(file, name);
  if (command !== undefined && file.role === 'private')
    return [`Write it anew, in the one form that SES takes:\n${command}`, `${HAND_OVER}\n${DELETE_SES_KEY}`];
  if (command !== undefined) return [`Write it anew, as it belongs behind p= of the record:\n${command}`];
  return [remadeJson(selector)];
}
