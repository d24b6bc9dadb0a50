import { must, type Scene, type Stage } from '../scene.js';

/** Its document disables a subscription after ten failed deliveries in a row, and retries none. */
const PROFILE = 'scendcore';
const RULE = 10;

export const disabling: Scene = {
  title:
    'A receiver that fails ten times: it is disabled, what comes meanwhile is held, and arrives when it is enabled',
  play,
};

async function play(stage: Stage): Promise<void> {
  const application = stage.application(PROFILE);
  application.inbox.answerNext(...Array.from({ length: RULE }, () => 500));
  for (let number = 1; number <= RULE; number += 1) {
    const { id } = await application.submitSample();
    await application.receives(`failure ${number}`);
    await application.eventWhen(id, ({ status }) => status === 'failed', `failure ${number} counts`);
  }
  const disabled = await application.endpointWhen(({ status }) => status === 'disabled', 'it is disabled');
  must(disabled.failure_count === RULE, application, `failure_count is ${disabled.failure_count}`);

  const held = await application.submitSample();
  await application.eventWhen(
    held.id,
    ({ deliveries: [delivery] }) => delivery?.reason === 'endpoint_disabled',
    'the next event is held',
  );
  await application.enable(disabled);
  const arrived = await application.receives('the event that was held');
  await application.eventWhen(held.id, ({ status }) => status === 'delivered', 'it is delivered');
  await application.endpointWhen(
    ({ status, failure_count }) => status === 'active' && failure_count === 0,
    'it is active again',
  );
  stage.tell(application, [
    ['disabled', `at failure ${disabled.failure_count} in a row, as its document says`],
    ...stage.linkTo(`endpoint-health/${disabled.id}`),
    ['held', 'the next event, until the endpoint is enabled'],
    ['enabled', `answered with ${arrived.answer}: delivered`],
    ...stage.linkTo(held.workflow_id),
  ]);
}
