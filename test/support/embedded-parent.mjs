// A process that starts the embedded servers and keeps them, for tests that kill it. Its first argument is the options as JSON.
import { startEmbedded } from '../../dist/embedded/start-embedded.js';

process.on('SIGINT', () => process.send({ type: 'sigint' }));
process.on('message', () => embedded.stop().then(() => process.disconnect()));

const embedded = await startEmbedded({
  ...JSON.parse(process.argv[2]),
  progress: (line) => process.send({ type: 'progress', line }),
}).catch((error) => {
  process.send({ type: 'failed', name: error.name, message: error.message }, () => process.exit(1));
  return new Promise(() => {});
});
process.send({ type: 'ready', databaseUrl: embedded.databaseUrl, temporalAddress: embedded.temporalAddress });
