// The three tokens of Easy DKIM as somebody typed them: read, or refused with what was probably meant and the command for it.
import { looksLikeToken } from '../lambda/dkim/selector.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { type DnsName, quoted } from '../lambda/model/names.ts';
import { UsageError } from './exit.ts';

const TOKENS = 3;
/** Letters and digits of one token, in every answer of SES so far. */
const LENGTH = 32;

export interface TokenAsk {
  readonly command: 'check' | 'records';
  readonly domain: DnsName;
  /** As given with --region. */
  readonly region: string | undefined;
}

/**
 * Three different tokens in lower case. Throws {@link UsageError} for anything else: SES verifies a domain only with all three records.
 * `records` takes fewer, for whoever publishes one after the other, and says so itself.
 */
export function easyTokens(texts: readonly string[], ask: TokenAsk): readonly string[] {
  const tokens = texts.map((text) => readToken(text, ask));
  const different = [...new Set(tokens)];
  const { command, domain } = ask;
  if (different.length === TOKENS || (command === 'records' && different.length < TOKENS)) return different;
  if (different.length > TOKENS) throw new UsageError(`Easy DKIM has three different tokens; ${different.length} were given.`);
  const twice = different.length < tokens.length ? ', one of them twice' : '';
  throw new UsageError(
    `Easy DKIM has three different tokens, and SES wants the records of all; ${tokens.length === 1 ? 'one was' : `${tokens.length} were`} given${twice}. ` +
      `They stand together in: aws sesv2 get-email-identity --email-identity ${domain} --query DkimAttributes.Tokens. Or let SES say them: ${bySes(ask)}`,
  );
}

/** The command that needs no tokens. */
const bySes = ({ command, domain, region }: TokenAsk): string =>
  `${COMMAND} ${command} ${domain} --region ${region !== undefined && /^[a-z0-9-]{1,30}$/.test(region) ? region : 'REGION'}`;

function readToken(text: string, ask: TokenAsk): string {
  const token = text.trim().toLowerCase().replace(/\.$/, '');
  if (looksLikeToken(token)) return token;
  throw new UsageError(`${quoted(text)} is not a token of Easy DKIM, which has ${LENGTH} letters and digits${whatWasMeant(token, ask)}`);
}

function whatWasMeant(token: string, ask: TokenAsk): string {
  const { command, domain } = ask;
  const several = token.split(/[\s,;]+/).filter((part) => part !== '');
  if (several.length > 1 && several.every(looksLikeToken))
    return `: it is ${several.length} of them. Give each by itself: ${several.map((one) => `--token ${one}`).join(' ')}`;
  const [label = '', second = ''] = token.split('.');
  if (second !== '' && looksLikeToken(label))
    return `: it is the ${second === '_domainkey' ? 'name of its record' : 'target of its record'}. Only the part before the first dot is meant: ${label}`;
  if (second === '_domainkey') return `. Only the part before "._domainkey" is meant, and ${lengthOf(label)}`;
  if (/^[a-z0-9]+$/.test(token) && Math.abs(token.length - LENGTH) <= 4)
    return `: it has ${token.length}, so ${token.length < LENGTH ? 'something was cut off or left out' : 'something was typed twice'}. Copy it again, or let SES say the tokens: ${bySes(ask)}`;
  // What else is a label is most likely the selector of somebody's own key.
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(token))
    return `. If it is the selector of your own key: ${COMMAND} ${command} ${domain} --selector ${token}. If SES made the keys: ${bySes(ask)}`;
  return `. Let SES say the tokens: ${bySes(ask)}`;
}

const lengthOf = (label: string): string => `it has ${label.length} letters here, which is no token either`;
