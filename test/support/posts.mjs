/**
 * Sends POSTs one after the other from a process of its own, so that it may trust an issuer by NODE_EXTRA_CA_CERTS:
 * run with their URLs. Every name is 127.0.0.1. Prints the answers as JSON.
 */
import { Buffer } from 'node:buffer';
import { argv, stdout } from 'node:process';
import { createAddressGuard } from '../../dist/delivery/address-guard.js';
import { createPost } from '../../dist/delivery/post.js';

const guard = createAddressGuard(['127.0.0.0/8'], async () => [{ address: '127.0.0.1', family: 4 }]);
const { post, close } = createPost(guard);
const answers = [];
for (const url of argv.slice(2)) {
  answers.push(
    await post({ url, headers: {}, body: Buffer.from('{}'), confidential: [], timeLimitMs: 5_000 }),
  );
}
await close();
stdout.write(JSON.stringify(answers));
