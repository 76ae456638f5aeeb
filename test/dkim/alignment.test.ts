import { alignmentOf } from '../../lambda/dkim/alignment.ts';
import { dnsName } from '../../lambda/model/names.ts';

test.each([
  ['the same', 'example.com', 'example.com', 'strict'],
  ['below it', 'example.com', 'mail.example.com', 'relaxed'],
  ['above it', 'news.mail.example.com', 'example.com', 'relaxed'],
  ['beside it', 'a.example.co.uk', 'b.example.co.uk', 'relaxed'],
  ['another domain', 'example.com', 'example.net', 'none'],
  ['an ending that looks alike', 'example.com', 'notexample.com', 'none'],
  ['another under a public suffix', 'a.co.uk', 'b.co.uk', 'none'],
  ['another customer of one hoster', 'a.github.io', 'b.github.io', 'none'],
  ['the suffix itself', 'example.com', 'com', 'none'],
  ['SES', 'example.com', 'amazonses.com', 'none'],
])('%s', (_, from, signing, alignment) => expect(alignmentOf(dnsName(from), dnsName(signing))).toBe(alignment));
