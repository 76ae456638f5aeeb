import { isSesDomain, sesTraces } from '../../lambda/dkim/ses-traces.ts';

const field = (name: string, value: string) => [{ name, value }];

test.each([
  ['nothing', field('message-id', '<a@example.com>'), [], { seen: false }],
  ['Feedback-ID of today', field('feedback-id', '::1.eu-west-1.AbC/d=:AmazonSES'), [], { seen: true, region: 'eu-west-1' }],
  ['Feedback-ID of old', field('feedback-id', '1.us-east-1.AbC/d=:AmazonSES'), [], { seen: true, region: 'us-east-1' }],
  ['somebody else’s Feedback-ID', field('feedback-id', 'a:b:c:sendgrid'), [], { seen: false }],
  ['Message-ID', field('message-id', '<0102@eu-central-1.amazonses.com>'), [], { seen: true, region: 'eu-central-1' }],
  ['Message-ID of us-east-1', field('message-id', '<0100@email.amazonses.com>'), [], { seen: true, region: 'us-east-1' }],
  ['the signature alone', [], ['amazonses.com'], { seen: true }],
  ['a region that is none', field('feedback-id', '::1.$(rm).x:AmazonSES'), [], { seen: true }],
])('%s', (_, fields, domains, traces) => expect(sesTraces(fields, domains)).toEqual(traces));

test.each([
  ['amazonses.com', true],
  ['af-south-1.amazonses.com', true],
  ['notamazonses.com', false],
  ['amazonses.com.example.net', false],
])('%s', (domain, ours) => expect(isSesDomain(domain)).toBe(ours));
