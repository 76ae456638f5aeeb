// `dkim-monitor byodkim`: the two commands about keys of one's own.
import { Command } from 'commander';
import { COMMAND } from '../lambda/model/command.ts';
import { newCommand } from './byodkim-new.ts';
import { verifyCommand } from './byodkim-verify.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES = `
Examples:
  ${COMMAND} byodkim new example.com --selector s2026
  ${COMMAND} byodkim verify --key key.pem --selector s2026 example.com
`;

export function byodkimCommand(terminal: Terminal, done: (code: number) => void): Command {
  return new Command('byodkim')
    .description('Make or verify a DKIM key of your own (Bring Your Own DKIM).')
    .addCommand(newCommand(terminal, done))
    .addCommand(verifyCommand(terminal, done))
    .addHelpText('after', EXAMPLES);
}
