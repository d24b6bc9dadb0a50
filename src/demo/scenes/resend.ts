import { clockOfSeconds, must, type Scene, type Stage } from '../scene.js';

/** Its document retries no 4xx, and signs the time. */
const PROFILE = 'scute';

export const resend: Scene = {
  title: 'A receiver that answers 404, which Scute does not retry: mended, it gets the event by a resend',
  play,
};

async function play(stage: Stage): Promise<void> {
  const application = stage.application(PROFILE);
  const { inbox, verifier } = application;
  inbox.answerNext(404);
  const event = await application.submitSample();
  const first = await application.receives('attempt 1');
  const failed = await application.eventWhen(
    event.id,
    ({ status }) => status === 'failed',
    'it failed for good',
  );
  const firstTime = verifier.signedTime(first);
  must(firstTime !== null, application, 'the first attempt was signed for no time');

  // The time is signed in whole seconds: within the same one, the signature would be the same.
  await stage.patience.untilTime(new Date((firstTime + 1) * 1000));
  await application.resend(event.id);
  const again = await application.receives('what was resent');
  must(again.body.equals(first.body), application, 'what was resent has another body');
  const time = verifier.signedTime(again);
  must(time !== null && time > firstTime, application, 'what was resent was not signed for its own time');
  const delivered = await application.eventWhen(
    event.id,
    ({ status }) => status === 'delivered',
    'what was resent is delivered',
  );
  stage.tell(application, [
    ['attempt 1', `answered with ${first.answer}: failed for good (${failed.deliveries[0]?.reason})`],
    ...stage.linkTo(event.workflow_id),
    ['resent', `answered with ${again.answer}: the event is ${delivered.status}`],
    [
      'verified',
      `the same ${first.body.length} bytes, signed for ${clockOfSeconds(time)}, before for ${clockOfSeconds(firstTime)}`,
    ],
    ...stage.linkToAll(`resend/${application.id}/`),
  ]);
}
