// Rooms and clients that most invocations never need: loaded when somebody first asks for them.

/** A room that may not be open yet. */
export interface Room<T> {
  /** Opens it at the first call, and gives the same one ever after. Rejects if its code cannot be loaded: that is a broken deployment, never "nothing there". */
  enter(): Promise<T>;
  /** Undefined as long as nobody entered, or while it opens. */
  readonly opened: T | undefined;
}

/**
 * `open` loads a room's code by `import()` of one of our own files and opens it. The file says by name what it uses of a client: `import('@aws-sdk/client-…')`
 * itself would deploy every command that the package has.
 */
export function atFirstUse<T>(open: () => Promise<T>): Room<T> {
  let opening: Promise<T> | undefined;
  let opened: T | undefined;
  return {
    enter() {
      opening ??= open().then((room) => {
        opened = room;
        return room;
      });
      return opening;
    },
    get opened() {
      return opened;
    },
  };
}
