// What `dkim-monitor byodkim verify` found out about a key file, put together with its words: the JSON of the command, and what its page draws.
import { recordForms } from '../lambda/diagnosis/fixes.ts';
import { judgeKeyFile, type KeyFileVerdict } from '../lambda/dkim/judge-key-file.ts';
import type { FoundKey, KeyFile, KeyRole } from '../lambda/dkim/key-file.ts';
import type { DnsName } from '../lambda/model/names.ts';
import type { RecordForms } from '../lambda/model/report.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { NEW_SELECTOR, remedies, sesKeyCommand } from './key-commands.ts';
import { keyInShort, NOTE_WORDS, PROBLEM_WORDS, WRAPPING_WORDS } from './key-words.ts';
import { type Asked, isLeaked, type Published } from './published-key.ts';
import { disagreement, publishedRemedy, publishedSentence } from './published-words.ts';
import { selectorSentence } from './selector-words.ts';

export interface Remark {
  readonly kind: string;
  readonly says: string;
}

/** A contract for scripts (`--json`): add fields, never rename or drop them. Nothing of a private key is in it. */
export interface KeyReport {
  readonly schema: 1;
  /** `unknown`: nothing is wrong with the key, but what DNS holds could not be told. */
  readonly verdict: 'fine' | 'wrong' | 'unknown';
  readonly file: string;
  readonly givenAs: KeyRole;
  /** Absent if no key could be read. */
  readonly key?: {
    readonly role: KeyRole;
    readonly type: 'rsa';
    readonly bits: number;
    readonly form: string;
    readonly written: string;
    /** Base64 SubjectPublicKeyInfo: the p= of the record. */
    readonly publicKey: string;
  };
  readonly problems: readonly Remark[];
  readonly notes: readonly Remark[];
  readonly selector?: string;
  readonly published?: {
    readonly name: string;
    readonly kind: Published['kind'];
    readonly says: string;
    readonly servers: readonly string[];
    /** A private key stands in DNS. */
    readonly leaked?: true;
  };
  /** The steps that mend what is wrong; the lines after a step's first one are commands. */
  readonly fix: readonly string[];
  /** The command that makes what SES takes of a sound private key, where the file is not that already. */
  readonly forSes?: string;
}

export interface Verified {
  readonly file: KeyFile;
  readonly name: string;
  readonly wanted: KeyRole;
  readonly selector?: string;
  readonly domain?: DnsName;
  /** Absent if DNS was not asked. */
  readonly asked?: Asked;
}

export function keyReport(verified: Verified): KeyReport {
  const { file, name, wanted, selector, asked } = verified;
  const judged = besidePublished(judgeKeyFile(file, wanted), asked?.published);
  const said = selector === undefined ? undefined : selectorSentence(selector);
  const problems = [...keyProblems(file, judged), ...(said?.refused === true ? [{ kind: 'selector', says: said.says }] : [])];
  const notes = [
    ...judged.notes.map((kind) => ({ kind, says: NOTE_WORDS[kind] })),
    ...(said?.refused === false ? [{ kind: 'selector', says: said.says }] : []),
  ];
  const usable = file.kind === 'key' && wanted === 'private' && judged.problems.length === 0 && !withdrawn(asked?.published);
  const forSes = usable ? sesKeyCommand(file, name) : undefined;
  return {
    schema: 1,
    verdict: verdictOf(problems.length > 0, asked?.published),
    file: name === '-' ? 'standard input' : visible(name, 300),
    givenAs: wanted,
    ...(file.kind === 'key' ? { key: keyFacts(file) } : {}),
    problems,
    notes,
    ...(selector === undefined ? {} : { selector: visible(selector, 80) }),
    ...(asked === undefined ? {} : { published: publishedFacts(asked) }),
    fix: steps(verified, judged),
    ...(forSes === undefined ? {} : { forSes }),
  };
}

/** In which form a file holds the public key does not matter where the right one is published already. */
function besidePublished(judged: KeyFileVerdict, published: Published | undefined): KeyFileVerdict {
  if (published?.kind !== 'match' || !judged.problems.includes('pkcs1-public')) return judged;
  return { problems: judged.problems.filter((problem) => problem !== 'pkcs1-public'), notes: [...judged.notes, 'pkcs1-public'] };
}

/** Leaked, or perhaps so: it is not to be given to SES before that is known. */
const withdrawn = (published: Published | undefined): boolean =>
  published !== undefined && (published.kind === 'revoked' || isLeaked(published));

const RENAME = 'Take a selector of letters and digits, such as s2026: publish the record under it, and give SES the same one.';

function verdictOf(wrong: boolean, published: Published | undefined): KeyReport['verdict'] {
  if (wrong) return 'wrong';
  if (published === undefined || published.kind === 'match') return 'fine';
  return published.kind === 'unknown' ? 'unknown' : 'wrong';
}

function keyProblems(file: KeyFile, { problems }: KeyFileVerdict): readonly Remark[] {
  const detail = file.kind === 'no-key' ? visible(file.detail ?? '', 200) : '';
  return problems.map((kind) => ({ kind, says: PROBLEM_WORDS[kind](detail) }));
}

const keyFacts = (file: FoundKey): NonNullable<KeyReport['key']> => ({
  role: file.role,
  type: 'rsa',
  bits: file.bits,
  form: file.form,
  written: file.wrapping,
  publicKey: file.publicKey,
});

const publishedFacts = (asked: Asked): NonNullable<KeyReport['published']> => ({
  name: asked.name,
  kind: asked.published.kind,
  says: publishedSentence(asked),
  servers: disagreement(asked.published),
  ...(isLeaked(asked.published) ? { leaked: true } : {}),
});

function steps({ file, name, wanted, selector, domain, asked }: Verified, { problems }: KeyFileVerdict): readonly string[] {
  const refused = selector !== undefined && selectorSentence(selector)?.refused === true;
  // First another selector: the commands that follow hold it.
  const named = refused ? [RENAME] : [];
  const own = remedies(file, problems, wanted, name, refused ? NEW_SELECTOR : (selector ?? 's1'));
  const dns = asked === undefined || domain === undefined ? [] : publishedRemedy(asked, domain, selector ?? '');
  // What mends the file of a leaked key would only lead on with it.
  return asked !== undefined && isLeaked(asked.published) ? dns : [...named, ...own, ...dns];
}

/** One line about the file: what it is. */
export function headline({ file }: KeyReport, read: KeyFile): string {
  return `${file}: ${read.kind === 'no-key' ? 'no key that SES could use' : keyInShort(read)}.`;
}

/** How the key is written, in words. */
export function writtenAs({ wrapping, flaws }: FoundKey): string {
  return `${WRAPPING_WORDS[wrapping]}${flaws.includes('encoded-twice') ? ', encoded in base64 once more' : ''}`;
}

/** The record that belongs to the key, without knowledge of the zone that will hold it. */
export function recordOf(name: DnsName, selector: string, publicKey: string): RecordForms {
  return recordForms([{ type: 'TXT', name, token: selector, publicKey }], undefined);
}
