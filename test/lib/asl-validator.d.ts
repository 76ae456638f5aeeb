// What of the package is used here: it brings no types of its own.
declare module 'asl-validator' {
  /** Checks a definition in the Amazon States Language. */
  function validate(definition: object): { readonly isValid: boolean; readonly errors: readonly unknown[] };
  export = validate;
}
