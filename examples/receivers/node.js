// WEBHOOK_SECRET=whsec_… node examples/receivers/node.js
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { VerificationError, verify } from 'posthorn/verify';

const secret = process.env.WEBHOOK_SECRET ?? '';
const LARGEST_BODY = 1024 * 1024;

const server = createServer(async (request, response) => {
  try {
    if (!(Number(request.headers['content-length']) <= LARGEST_BODY)) return response.writeHead(413).end();
    // The bytes as they came: a parsed body cannot be verified.
    const event = await verify(await buffer(request), request.headers, { secret });
    // Keep it, answer, and work afterwards; an id that was here before is a repetition.
    console.log(event.id, event.type, event.data);
    response.writeHead(204).end();
  } catch (error) {
    if (error instanceof VerificationError) response.writeHead(error.status).end(error.reason);
    else response.writeHead(500).end();
  }
});
server.listen(Number(process.env.PORT ?? 9000), '127.0.0.1');
