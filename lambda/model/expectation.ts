// The records that DNS must hold for one identity.
import type { DnsName } from './names.ts';

/** One record that must be published. */
export type ExpectedRecord =
  | { readonly type: 'CNAME'; readonly name: DnsName; readonly token: string; readonly target: DnsName }
  | {
      readonly type: 'TXT';
      readonly name: DnsName;
      /** The selector. */
      readonly token: string;
      /** The configured public key (base64 SubjectPublicKeyInfo without whitespace), if the user gave one. SES never tells it. */
      readonly publicKey?: string;
    };

export type Expectation =
  | {
      readonly kind: 'records';
      readonly domain: DnsName;
      readonly records: readonly ExpectedRecord[];
      /** `api`: SES said which zone. `table`: the region table of dkim/region-zones was used. `none`: no zone needed (BYODKIM). */
      readonly zoneSource: 'api' | 'table' | 'none';
      /** Something odd that did not stop the reading, such as "SES gave 4 tokens instead of 3". */
      readonly remark?: string;
    }
  /** Nothing is to be published: an address identity, or DKIM not set up. */
  | { readonly kind: 'nothing'; readonly reason: 'address' | 'not-set-up' }
  /** What should be published cannot be known; the identity is unknown, never healthy. */
  | {
      readonly kind: 'unknowable';
      readonly reason: 'no-domain' | 'no-tokens' | 'bad-tokens' | 'no-selector' | 'zone-unknown';
      readonly detail: string;
    };

/** A record that a custom MAIL FROM domain needs (SES developer guide, "Using a custom MAIL FROM domain"). */
export type MailRecord =
  | { readonly type: 'MX'; readonly name: DnsName; readonly exchange: DnsName }
  /** A TXT record in DNS. */
  | { readonly type: 'SPF'; readonly name: DnsName };

/** Any record that a finding may tell to publish. */
export type PublishedRecord = ExpectedRecord | MailRecord;
