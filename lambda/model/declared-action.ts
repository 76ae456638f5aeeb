// What a room says about the permissions it needs: the deployed policies and the page about permissions are built from it.

/** One IAM action, the resource it is needed on (a word that the deployed policy turns into an ARN), and why. */
export interface DeclaredAction {
  /** Such as `ses:GetEmailIdentity`. */
  readonly action: string;
  /** `any`: the action knows no narrower resource, or the narrower one cannot be named in advance. */
  readonly on:
    | 'any'
    | 'memory-bucket'
    | 'memory-objects'
    | 'alert-topic'
    | 'exit-topics'
    | 'event-bus'
    | 'member-roles'
    /** The caller's own account, of which only its regions are asked for. */
    | 'own-account'
    /** The organisation that names the accounts. */
    | 'organization';
  /** One sentence for the reader of the policy. */
  readonly why: string;
}
