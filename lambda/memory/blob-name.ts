// Where a memory key lives in a store.

/**
 * The object or file name of a key: `alerts/deployment` → `alerts/deployment.json.gz`. Keys are made by this program from account
 * ids, regions and constants; any other (`..`, empty parts, odd characters) is a bug and throws, so that no key leaves the store.
 */
export function blobName(key: string): string {
  const parts = key.split('/');
  const good = key.length <= 512 && parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
  if (!good) throw new Error(`Not a memory key: ${JSON.stringify(key.slice(0, 100))}`);
  return `${key}.json.gz`;
}
