import { isDeepStrictEqual } from 'node:util';
import type { Application } from '../application.js';
import { must, type Scene, type Stage } from '../scene.js';
import type { ReceivedPost } from '../verifiers.js';

/** As much of a signature as fits on a line. */
const SHOWN_CHARACTERS = 40;

export const everyProfile: Scene = {
  title: "An event of every profile, verified as that provider's document tells its receivers to",
  async play(stage) {
    for (const application of stage.applications) await sendAndVerify(stage, application);
  },
};

async function sendAndVerify(stage: Stage, application: Application): Promise<void> {
  const { verifier, sample } = application;
  const event = await application.submitSample();
  const what = `the event ${sample.event_type}`;
  const post = await application.receives(what);
  must(isDeepStrictEqual(dataOf(post), sample.data), application, `${what} arrived with other data`);
  const forged = { ...post, body: Buffer.from(post.body.toString().replace(sample.event_type, 'forged')) };
  must(
    !(await application.verifies(forged)),
    application,
    'its receiver takes a forged event for a true one',
  );
  await application.eventWhen(event.id, ({ status }) => status === 'delivered', `${what} is delivered`);

  const signature = post.headers[verifier.signatureHeader.toLowerCase()] ?? '';
  stage.tell(application, [
    ['sent', `${sample.event_type}, ${event.id}`],
    ['signed', `${verifier.signatureHeader}: ${shortened(signature)}`],
    ['verified', `by ${verifier.by}; a forged copy is refused`],
    ...stage.linkTo(event.workflow_id),
  ]);
}

/** Every profile's body has the event's data under `data`. */
function dataOf(post: ReceivedPost): unknown {
  return (JSON.parse(post.body.toString()) as { data: unknown }).data;
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS - 1)}…`;
}
