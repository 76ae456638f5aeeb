// The page of `dkim-monitor byodkim new`: where the key is, the record in every form, the warning, and the commands for SES.
import { shellQuoted } from '../lambda/diagnosis/shell.ts';
import { pasteLines, recordLines } from '../lambda/messages/finding-text.ts';
import { labelled, verbatim, wrap } from '../lambda/messages/layout.ts';
import { toned } from '../lambda/messages/terminal-findings.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { DnsName } from '../lambda/model/names.ts';
import { visible } from '../lambda/model/safe-text.ts';
import type { Width } from './key-page.ts';
import { recordOf } from './key-report.ts';

export interface NewPair {
  readonly domain: DnsName;
  readonly selector: string;
  readonly recordName: DnsName;
  readonly keyFile: string;
  readonly sesFile: string;
  readonly bits: number;
  /** Base64 SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly selectorNote?: string;
}

/** Ends with a line break. */
export function newPairPage(pair: NewPair, screen: Width): string {
  const { domain, selector, recordName, bits } = pair;
  const { width } = screen;
  const title = (text: string): readonly string[] => ['', ...wrap(text, width).map((line) => toned(line, 'bold', screen))];
  const say = (text: string, indent = '  '): readonly string[] => wrap(text, width, indent);
  const paste = recordOf(recordName, selector, pair.publicKey);
  const lines = [
    ...wrap(`A new key pair for ${domain}, selector ${selector}: RSA, ${bits} bits.`, width).map((l) => toned(l, 'green', screen)),
    '',
    ...labelled(
      [
        ['Private key', visible(pair.keyFile, 300)],
        ['For SES', visible(pair.sesFile, 300)],
      ],
      width,
    ),
    ...say('Only you can read these two files. The key was not printed: keep it out of repositories, tickets and chats.'),
    ...(pair.selectorNote === undefined ? [] : say(pair.selectorNote)),
    ...(bits < 2048 ? say('1024 bits are the least that is allowed; 2048 are better wherever the DNS host takes a long TXT value.') : []),
    ...title('1. Publish this record'),
    ...recordLines({ records: [], paste }),
    ...say(
      `If ${domain} is a zone of its own and the web form adds it by itself, type only ${selector}._domainkey as the name. This command does not look up the zone.`,
    ),
    '',
    ...pasteLines({ paste }, { terraform: true }),
    '',
    '  As a change batch for Route 53:',
    ...verbatim(paste.route53ChangeBatch),
    ...title('2. See that it is there, and that it is this key'),
    ...verbatim(`${COMMAND} byodkim verify --key ${shellQuoted(pair.keyFile)} --selector ${selector} ${domain}`),
    ...title('3. Give the key to SES'),
    ...say(
      `WARNING: if SES signs for ${domain} today, by Easy DKIM or with another key, it stops signing until it has found the new record: mail goes out unsigned while the status is PENDING. So do this only after step 2 says that nothing is wrong, at a quiet hour, and leave the old records in DNS until then.`,
    ).map((line) => toned(line, 'yellow', screen)),
    ...say('In every account and region that sends for the domain (--region …):'),
    ...verbatim(`aws sesv2 put-email-identity-dkim-signing-attributes ${sesArguments(pair)}`),
    ...say('Where SES does not know the domain yet:'),
    ...verbatim(`aws sesv2 create-email-identity --email-identity ${domain} --dkim-signing-attributes ${fileUrl(pair.sesFile)}`),
    ...title('4. When SES says SUCCESS'),
    ...verbatim(`aws sesv2 get-email-identity --email-identity ${domain} --query DkimAttributes.Status`),
    ...say(`Then delete ${visible(pair.sesFile, 300)}, and keep ${visible(pair.keyFile, 300)} where you keep secrets.`),
  ];
  return `${lines.join('\n')}\n`;
}

const sesArguments = ({ domain, sesFile }: NewPair): string =>
  `--email-identity ${domain} --signing-attributes-origin EXTERNAL --signing-attributes ${fileUrl(sesFile)}`;

const fileUrl = (file: string): string => shellQuoted(`file://${file}`);
