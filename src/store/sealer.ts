import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Encrypts what must not be readable in the database (signing secrets, custom headers): AES-256-GCM, bound to
 * `context` (the endpoint's id), so that a sealed value moved to another row does not open.
 *
 * A sealed value is: 1 byte format, 4 bytes key id, 12 bytes nonce, 16 bytes tag, ciphertext.
 */
export interface Sealer {
  seal(text: string, context: string): Buffer;
  /** @throws Error when the value was sealed with another key, or was altered */
  open(sealed: Buffer, context: string): string;
}

const FORMAT = 1;
const KEY_ID_LENGTH = 4;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const HEADER_LENGTH = 1 + KEY_ID_LENGTH + NONCE_LENGTH + TAG_LENGTH;

/** @param key 32 bytes */
export function createSealer(key: Buffer): Sealer {
  const keyId = createHash('sha256').update(key).digest().subarray(0, KEY_ID_LENGTH);
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_LENGTH);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([FORMAT]), keyId, nonce, cipher.getAuthTag(), ciphertext]);
    },
    open(sealed, context) {
      if (sealed.length < HEADER_LENGTH || sealed[0] !== FORMAT) throw new Error('not a sealed value');
      const nonceAt = 1 + KEY_ID_LENGTH;
      const tagAt = nonceAt + NONCE_LENGTH;
      if (!sealed.subarray(1, nonceAt).equals(keyId)) {
        throw new Error('a value was sealed with another POSTHORN_ENCRYPTION_KEY');
      }
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(nonceAt, tagAt))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(tagAt, HEADER_LENGTH));
      return decipher.update(sealed.subarray(HEADER_LENGTH), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
