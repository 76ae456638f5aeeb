// The page of `dkim-monitor inspect`: the verdict, each signature, what the receiver said, what to check next.
import { fixLines } from '../lambda/messages/finding-text.ts';
import { labelled, plural, wrap } from '../lambda/messages/layout.ts';
import { type Tone, toned } from '../lambda/messages/terminal-findings.ts';
import type { InspectReport, ReportSignature } from './inspect-report.ts';
import type { Width } from './key-page.ts';

/** Ends with a line break. */
export function inspectPage(report: InspectReport, screen: Width): string {
  const { width } = screen;
  const { from, signatures, notLookedAt, receiverSaid } = report;
  const title = (text: string): readonly string[] => ['', ...wrap(text, width).map((line) => toned(line, 'bold', screen))];
  const [verdict, tone] = verdictOf(report);
  const lines = [
    ...wrap(verdict, width).map((line) => toned(line, tone, screen)),
    '',
    ...labelled([...fromLines(from), ['Sent by SES', sesWords(report)]], width),
    ...title(signatures.length === 0 ? 'No DKIM signature' : plural(signatures.length, 'DKIM signature')),
    ...signatures.flatMap((signature, i) => [...(i > 0 ? [''] : []), ...signatureLines(signature, i + 1, from, screen)]),
    ...(notLookedAt > 0 ? wrap(`${plural(notLookedAt, 'more signature')} not looked at.`, width, '  ') : []),
    ...(receiverSaid.length === 0
      ? []
      : [
          ...title('What the receiver said (Authentication-Results)'),
          ...wrap('Not checked here: anybody on the way can have written it into the message.', width, '  '),
          ...receiverSaid.flatMap((said) => wrap(said, width, '    ', '  - ')),
        ]),
    ...(report.next.length === 0
      ? []
      : [...title('What to check next'), ...fixLines({ fix: report.next, records: [] }, { width, now: '' })]),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictOf({ verdict, from, signatures }: InspectReport): readonly [string, Tone] {
  const whose = from.domain ?? 'the sender';
  const own = signatures.filter((one) => one.whose === 'from');
  switch (verdict) {
    case 'aligned':
      return [`Signed by ${own.find(({ result }) => result === 'pass')?.domain ?? whose}, and the signature holds.`, 'green'];
    case 'unknown':
      return [`Signed by ${own[0]?.domain ?? whose}; whether the signature holds could not be told.`, 'yellow'];
    case 'not-aligned':
      if (from.problem !== undefined) return [from.problem, 'red'];
      return own.length > 0
        ? [`Signed by ${own[0]?.domain ?? whose}, but the signature does not hold.`, 'red']
        : [`Not signed by ${whose}: no DKIM signature speaks for the domain in From.`, 'red'];
  }
}

function fromLines(from: InspectReport['from']): readonly (readonly [string, string])[] {
  return from.address === undefined ? [] : [['From', from.address]];
}

function sesWords({ ses }: InspectReport): string {
  if (!ses.seen) return 'nothing in the message says so';
  return ses.region === undefined ? 'yes, as the message says' : `yes, from ${ses.region}, as the message says`;
}

const TONES: { readonly [R in ReportSignature['result']]: Tone } = { pass: 'green', fail: 'red', unknown: 'yellow' };

const ALIGNED = {
  strict: 'the domain in From itself',
  relaxed: 'of the same organization as the domain in From (relaxed alignment)',
} as const;

/** Tags that are missing are said to be so. */
function named({ domain, selector, algorithm, keyBits }: ReportSignature): string {
  const tag = (name: string, value: string): string => (value === '' ? `(no ${name}=)` : `${name}=${value}`);
  const facts = [algorithm, ...(keyBits === undefined ? [] : [`key of ${keyBits} bits`])].filter((fact) => fact !== '');
  return `${tag('d', domain)} ${tag('s', selector)} ${facts.length === 0 ? '(no a=)' : `(${facts.join(', ')})`}`;
}

function whom({ domain, whose, alignment }: ReportSignature, from: InspectReport['from']): string {
  if (whose === 'ses') return "SES's own second signature, on every message: normal, ignore it";
  if (domain === '') return "nobody's: it names no domain";
  if (from.domain === undefined) return 'nobody can say, for From names no one domain: it does not count for DMARC';
  return alignment === 'none' ? 'not of the domain in From: it does not count for DMARC' : ALIGNED[alignment];
}

function signatureLines(signature: ReportSignature, number: number, from: InspectReport['from'], screen: Width): readonly string[] {
  const { whose, result, says } = signature;
  return [
    ...wrap(named(signature), screen.width, '     ', `  ${number}. `),
    ...wrap(`Whose: ${whom(signature, from)}.`, screen.width, '     '),
    // Whether SES's own signature holds is nobody's trouble here.
    ...wrap(says, screen.width, '     ').map((line) => toned(line, whose === 'from' ? TONES[result] : 'dim', screen)),
  ];
}
