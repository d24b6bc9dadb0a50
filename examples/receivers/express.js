// WEBHOOK_SECRET=whsec_… node examples/receivers/express.js
import express from 'express';
import { VerificationError, verify } from 'posthorn/verify';

const secret = process.env.WEBHOOK_SECRET ?? '';
const app = express();

// The bytes as they came: a body that express.json() has parsed cannot be verified.
app.post('/hooks', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
  const event = await verify(request.body ?? '', request.headers, { secret });
  // Keep it, answer, and work afterwards; an id that was here before is a repetition.
  console.log(event.id, event.type, event.data);
  response.sendStatus(204);
});

app.use((error, _request, response, next) => {
  if (!(error instanceof VerificationError)) return next(error);
  response.status(error.status).send(error.reason);
});

app.listen(Number(process.env.PORT ?? 9000), '127.0.0.1');
