import fc from 'fast-check';
import { code, codeBlock, plainChat, prose } from '../../lambda/messages/chat-text.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import { alert, NOW, subject, wordsOf } from './build.ts';

describe('the chat body', () => {
  const render = (text: string, name = 'example.com') =>
    JSON.parse(
      renderTelling(
        {
          kind: 'alert',
          event: 'opened',
          reason: 'new',
          messageId: 'm1',
          alert: alert({ affected: [{ subject: subject(name), findings: alert().affected[0]?.findings ?? [] }] }),
        },
        NOW,
        wordsOf(text),
      ).chat,
    );

  test('is exactly the custom-notification schema', () => {
    expect(render('Plain words.')).toEqual({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: 'CRITICAL: Plain words.: example.com (us-east-1, 111111111111)',
        description: expect.stringMatching(/^Plain words\.\nSince 2026-11-23 21:00 UTC/),
        nextSteps: ['Plain words.', 'Plain words.', 'Plain words.'],
        keywords: ['critical', 'record-missing'],
      },
      metadata: {
        threadId: 'a1b2c3d4e5f60718293a',
        summary: expect.stringContaining('example.com'),
        eventType: 'opened',
        relatedResources: ['arn:aws:ses:us-east-1:111111111111:identity/example.com'],
        additionalContext: {
          messageId: 'm1',
          at: NOW,
          account: '111111111111',
          region: 'us-east-1',
          severity: 'critical',
          kind: 'record-missing',
        },
      },
    });
  });

  test('whatever the facts about the identity are, none of them speaks', () => {
    const evil = '<!channel>`@here`[x](http://evil.example)';
    const given = alert({
      target: { account: evil, region: evil } as unknown as ReturnType<typeof alert>['target'],
      affected: [1, 2].map((n) => ({
        subject: subject(`${n}${evil}`, { account: evil, region: evil, errorType: evil }),
        findings: alert().affected[0]?.findings ?? [],
      })),
    });
    for (const event of ['opened', 'recovered', 'expired'] as const) {
      const one = renderTelling({ kind: 'alert', event, reason: 'new', messageId: 'm1', alert: given }, NOW, wordsOf(evil)).chat;
      const all = renderTelling(
        { kind: 'summary', occasion: 'many-at-once', event, alertId: 'many-1', messageId: 'm1', alerts: [given, given], targets: [] },
        NOW,
        wordsOf(evil),
      ).chat;
      for (const chat of [one, all]) expect(chat).not.toMatch(/<!|@here|\]\(|http:\/\//);
    }
  });

  test('keeps the known lengths', () => {
    const body = render('long words '.repeat(5000), `${'a'.repeat(60)}.`.repeat(4));
    expect(body.content.title.length).toBeLessThanOrEqual(250);
    expect(body.content.description.length).toBeLessThanOrEqual(8000);
  });

  test.each([
    ['a mention of everybody in Slack', '<!channel>'],
    ['a mention', '@here'],
    ['a user', '<@U012AB3CD>'],
    ['a link in Slack', '<http://evil.example|click>'],
    ['a link', '[click](http://evil.example)'],
    ['a bare address', 'http://evil.example'],
    ['an entity', '&lt;!channel&gt;'],
  ])('cannot hold %s', (_name, text) => {
    const shown = JSON.stringify(render(`Say ${text} now`, `${text}.example`));
    expect(shown).not.toContain(text);
  });
});

describe('prose', () => {
  test.each([
    ['All 3 records are missing.', 'All 3 records are missing.'],
    ['The records of example.com.', 'The records of `example.com`.'],
    ['See (ns1.example.com), it is so.', 'See (`ns1.example.com`), it is so.'],
    ['*bold* _it_ ~no~', '`*bold*` `_it_` `~no~`'],
    ['a `b` c', 'a `\u02cbb\u02cb` c'],
    ['```', '`\u02cb\u02cb\u02cb`'],
    ['at 21:04 in 4 d', 'at 21:04 in 4 d'],
    [':skull: <!here>', '`:skull`: `\u2039!here\u203a`'],
    ['two\nlines', 'two lines'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(prose(text)).toBe(expected);
  });

  test('outside code spans nothing but plain words is left, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const outside = prose(text).replace(/`[^`]*`/g, '');
        expect(outside).not.toMatch(/[<>@*_~|[\]`#\\&]|:\/\//);
      }),
    );
  });
});

test('code spans and blocks cannot be left from inside', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 80 }), (text) => {
      expect(code(text)).toMatch(/^(`[^`<>@&\n]*`)?$/);
      expect(codeBlock([text, text]).split('```')).toHaveLength(3);
      expect(plainChat(text, 50)).not.toMatch(/[<>@`*[\]]|:\/\//);
    }),
  );
});
