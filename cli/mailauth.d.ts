// Types of the one class of mailauth (4.13.3, pinned) that this program uses; the package describes only what lies around it.
declare module 'mailauth/lib/dkim/dkim-verifier.js' {
  import type { Writable } from 'node:stream';

  /** A header field: `key` is its name in lower case, `line` all of it, unfolded lines included. */
  export interface HeaderField {
    readonly key: string | null;
    readonly line: Buffer;
  }

  interface Tag {
    readonly value: string | number;
  }

  /** One signature on its way through the verifier. */
  export interface SignatureHeader {
    readonly type: 'DKIM' | 'ARC' | 'AS';
    /** Tags by name in lower case; the last of several counts. */
    readonly parsed: { [tag: string]: Tag | undefined };
    readonly algorithm: string;
    readonly canonicalization: string;
    readonly signingDomain: string | number;
    readonly selector: string | number;
    readonly bodyHashKey?: string;
    /** Set if something that the verifier needs is missing or unknown. */
    readonly skip?: boolean;
    timestamp: Date | null;
    expiration: Date | null;
    /** A number limits the body; otherwise ''. */
    maxBodyLength: number | string;
  }

  export interface SignatureResult {
    readonly status: { readonly result: string; readonly comment?: string };
    readonly bodyHash?: string;
    readonly canonBodyLengthTotal?: number;
  }

  export class DkimVerifier extends Writable {
    constructor(options: {
      readonly resolver: (name: string, type: string) => Promise<readonly (readonly string[])[]>;
      readonly minBitLength?: number;
      readonly curTime?: Date;
    });
    headers: false | { readonly parsed: readonly HeaderField[] };
    signatureHeaders: SignatureHeader[];
    bodyHashes: Map<string, { readonly hash?: string }>;
    /** Addresses of all From fields. */
    headerFrom: string[];
    results: SignatureResult[];
    messageHeaders(headers: { readonly parsed: readonly HeaderField[] }): Promise<void>;
  }
}
