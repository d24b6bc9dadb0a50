import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** A value was sealed with a key that this process was not given. */
export class EncryptionKeyMissing extends Error {
  override name = 'EncryptionKeyMissing';
}

/**
 * Encrypts what must not be readable in the database (signing secrets, custom headers): AES-256-GCM, bound to
 * `context` (the endpoint's id), so that a sealed value moved to another row does not open.
 *
 * A sealed value is: 1 byte format, 4 bytes key id, 12 bytes nonce, 16 bytes tag, ciphertext.
 */
export interface Sealer {
  /** The id of the key that it seals with, in hex. */
  readonly keyId: string;
  /** The ids of all keys that it opens with, in hex. */
  readonly keyIds: ReadonlySet<string>;
  seal(text: string, context: string): Buffer;
  /** @throws EncryptionKeyMissing when the value was sealed with a key that was not given; Error when it was altered */
  open(sealed: Buffer, context: string): string;
}

const FORMAT = 1;
const KEY_ID_LENGTH = 4;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const NONCE_AT = 1 + KEY_ID_LENGTH;
const TAG_AT = NONCE_AT + NONCE_LENGTH;
const HEADER_LENGTH = TAG_AT + TAG_LENGTH;

/**
 * @param key 32 bytes: seals and opens
 * @param former keys of before, 32 bytes each: they only open
 */
export function createSealer(key: Buffer, former: readonly Buffer[] = []): Sealer {
  const keyId = idOfKey(key);
  const keys = new Map([...former, key].map((each) => [idOfKey(each), each]));
  return {
    keyId,
    keyIds: new Set(keys.keys()),
    seal(text, context) {
      const nonce = randomBytes(NONCE_LENGTH);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const header = [Buffer.from([FORMAT]), Buffer.from(keyId, 'hex'), nonce, cipher.getAuthTag()];
      return Buffer.concat([...header, ciphertext]);
    },
    open(sealed, context) {
      const sealedWith = keyIdOf(sealed);
      const opening = keys.get(sealedWith);
      if (!opening) {
        throw new EncryptionKeyMissing(
          `a value was sealed with another POSTHORN_ENCRYPTION_KEY, whose id is ${sealedWith}`,
        );
      }
      const decipher = createDecipheriv('aes-256-gcm', opening, sealed.subarray(NONCE_AT, TAG_AT))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(TAG_AT, HEADER_LENGTH));
      return decipher.update(sealed.subarray(HEADER_LENGTH), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

/**
 * The id of the key that a value was sealed with, in hex.
 * @throws Error when it is no sealed value
 */
export function keyIdOf(sealed: Buffer): string {
  if (sealed.length < HEADER_LENGTH || sealed[0] !== FORMAT) throw new Error('not a sealed value');
  return sealed.subarray(1, NONCE_AT).toString('hex');
}

/** Says which key it is, and nothing about it. */
function idOfKey(key: Buffer): string {
  return createHash('sha256')
    .update(key)
    .digest('hex')
    .slice(0, 2 * KEY_ID_LENGTH);
}
