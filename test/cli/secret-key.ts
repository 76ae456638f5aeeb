// Looks for pieces of a private key in what the command said.
import { createPrivateKey } from 'node:crypto';

/** Characters: short enough to find a key that was wrapped or cut, long enough not to occur by chance. */
const PIECE = 12;
/** Bytes that stand around the modulus in front of the secret numbers: 20 in PKCS #1, 26 more in PKCS #8. */
const FRONT = 46;

/** True if a piece of what is secret in the key stands in the text: as base64 of either form, as base64 of the whole file, or in hex. */
export function leaks(text: string, pem: string): boolean {
  const key = createPrivateKey(pem);
  const secretFrom = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8 + FRONT;
  const forms = (['pkcs1', 'pkcs8'] as const).flatMap((type) => {
    const der = key.export({ type, format: 'der' });
    const file = Buffer.from(key.export({ type, format: 'pem' })).toString('base64');
    return [
      der.toString('base64').slice(Math.ceil((secretFrom * 4) / 3)),
      der.toString('hex').slice(secretFrom * 2),
      file.slice(Math.ceil((secretFrom * 16) / 9) + 80),
    ];
  });
  return forms.some((form) => {
    for (let at = 0; at + PIECE <= form.length; at += 1) if (text.includes(form.slice(at, at + PIECE))) return true;
    return false;
  });
}
