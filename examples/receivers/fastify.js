// WEBHOOK_SECRET=whsec_… node examples/receivers/fastify.js
import Fastify from 'fastify';
import { VerificationError, verify } from 'posthorn/verify';

const secret = process.env.WEBHOOK_SECRET ?? '';
const app = Fastify();

// The bytes as they came: a body that Fastify has parsed cannot be verified.
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request, body) => body);

app.post('/hooks', async (request, reply) => {
  const event = await verify(request.body ?? '', request.headers, { secret });
  // Keep it, answer, and work afterwards; an id that was here before is a repetition.
  console.log(event.id, event.type, event.data);
  reply.code(204);
});

app.setErrorHandler((error, _request, reply) => {
  if (!(error instanceof VerificationError)) throw error;
  reply.code(error.status).send(error.reason);
});

await app.listen({ port: Number(process.env.PORT ?? 9000), host: '127.0.0.1' });
