// WEBHOOK_SECRET=whsec_… node examples/receivers/hono.js; in Deno, Bun and workers `export default app` is enough
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { VerificationError, verifyRequest } from 'posthorn/verify';

const secret = process.env.WEBHOOK_SECRET ?? '';
const app = new Hono();

app.post('/hooks', bodyLimit({ maxSize: 1024 * 1024 }), async (context) => {
  const event = await verifyRequest(context.req.raw, { secret });
  // Keep it, answer, and work afterwards; an id that was here before is a repetition.
  console.log(event.id, event.type, event.data);
  return context.body(null, 204);
});

app.onError((error, context) => {
  if (error instanceof VerificationError) return context.text(error.reason, error.status);
  return 'getResponse' in error ? error.getResponse() : context.body(null, 500);
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 9000), hostname: '127.0.0.1' });
