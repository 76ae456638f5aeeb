// One AWS call as it came over HTTP, and the ways to answer it.

export interface Call {
  readonly account: string;
  readonly region: string;
  /** The IAM prefix: `ses` for both versions of SES, `sns`, `sts`, `s3`, `organizations`, `account`. */
  readonly service: string;
  readonly action: string;
  /** ARN of the caller. */
  readonly principal: string;
  /** Actions that the caller's session policy leaves to it; absent: all. */
  readonly allowed?: ReadonlySet<string>;
  /** SES identity or S3 key the call is about, where it is about one. */
  readonly subject?: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Body of a query-protocol call. */
  readonly form: URLSearchParams;
}

/** How a service speaks: JSON (over REST for SES v2 and Account Management, by a header's target for EventBridge and Organizations), form in and XML out (SES v1, SNS, STS), S3's own XML. */
export type Protocol = 'json' | 'query' | 's3';

export type Answer =
  | { readonly kind: 'json'; readonly value: unknown }
  /** Inner XML of the `…Result` element. */
  | { readonly kind: 'xml'; readonly result: string }
  | { readonly kind: 'raw'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer | string }
  | AwsError;

export interface AwsError {
  readonly kind: 'error';
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export function awsError(status: number, code: string, message: string): AwsError {
  return { kind: 'error', status, code, message };
}

/** Text between tags or in an attribute. */
export function xml(text: string): string {
  return text
    .replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/[^\t\n\r -\ud7ff\ue000-\uffff]/gu, (c) => (c.length > 1 ? c : '\ufffd'));
}

/** `Name.member.1`, `Name.member.2`… of a form, in order, at most `limit` + 1. */
export function members(form: URLSearchParams, name: string, limit: number): readonly string[] {
  const found: string[] = [];
  for (let i = 1; i <= limit + 1; i++) {
    const value = form.get(`${name}.member.${i}`);
    if (value === null) break;
    found.push(value);
  }
  return found;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

const NAMESPACES: Readonly<Record<string, string>> = {
  ses: 'http://ses.amazonaws.com/doc/2010-12-01/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** The answer as HTTP, in the words of the call's protocol. */
export function toHttp(
  answer: Answer,
  protocol: Protocol,
  call: Pick<Call, 'service' | 'action' | 'subject' | 'method'>,
  requestId: string,
): HttpAnswer {
  const id = { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId };
  switch (answer.kind) {
    case 'json':
      return { status: 200, headers: { ...id, 'content-type': 'application/json' }, body: JSON.stringify(answer.value) };
    case 'raw':
      return { status: answer.status, headers: { ...id, ...answer.headers }, body: answer.body };
    case 'xml': {
      const { action } = call;
      const namespace = NAMESPACES[call.service] ?? '';
      const meta = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      const body = `<${action}Response xmlns="${namespace}"><${action}Result>${answer.result}</${action}Result>${meta}</${action}Response>`;
      return { status: 200, headers: { ...id, 'content-type': 'text/xml' }, body };
    }
    case 'error':
      return errorToHttp(answer, protocol, call, requestId, id);
  }
}

function errorToHttp(
  error: AwsError,
  protocol: Protocol,
  call: Pick<Call, 'subject' | 'method'>,
  requestId: string,
  id: Readonly<Record<string, string>>,
): HttpAnswer {
  const { status, code, message } = error;
  switch (protocol) {
    case 'json':
      return {
        status,
        headers: { ...id, 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ message }),
      };
    case 'query': {
      const type = status < 500 ? 'Sender' : 'Receiver';
      const inner = `<Error><Type>${type}</Type><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`;
      return {
        status,
        headers: { ...id, 'content-type': 'text/xml' },
        body: `<ErrorResponse>${inner}<RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    }
    case 's3': {
      const key = call.subject === undefined ? '' : `<Key>${xml(call.subject)}</Key>`;
      const inner = `<Code>${xml(code)}</Code><Message>${xml(message)}</Message>${key}<RequestId>${requestId}</RequestId>`;
      // An answer to HEAD has no body: its reader sees the status only.
      const body = call.method === 'HEAD' || status === 304 ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner}</Error>`;
      return { status, headers: { ...id, 'content-type': 'application/xml' }, body };
    }
  }
}
