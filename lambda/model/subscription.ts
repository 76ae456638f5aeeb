// One subscription of a topic, and whether a certain message reaches it.

export type Delivery =
  /** Confirmed, and no filter policy is in the way. */
  | { readonly kind: 'gets-it' }
  /** AWS wrote to it, and nobody has followed the link. */
  | { readonly kind: 'pending' }
  /** It was ended, and SNS lists it for a while. */
  | { readonly kind: 'deleted' }
  /** Its filter policy does not let this message through, because of this attribute. */
  | { readonly kind: 'filtered-out'; readonly by: string }
  /** It has a filter policy that is not judged here. */
  | { readonly kind: 'has-filter'; readonly why: 'on-body' | 'not-simple' }
  /** Whether it has a filter policy could not be read; or so many stand before it that it was not asked. */
  | { readonly kind: 'unread'; readonly detail: string };

export interface Subscription {
  readonly protocol: string;
  /** As SNS says it: hostile until made visible, and half a secret. */
  readonly endpoint: string;
  readonly delivery: Delivery;
}

export type Subscriptions =
  | { readonly kind: 'known'; readonly subscriptions: readonly Subscription[] /** There are more. */; readonly cut: boolean }
  | { readonly kind: 'unknown'; readonly detail: string };
