import { afterEach, expect, it, vi } from 'vitest';
import { connectClient, connectWorker } from '../../src/temporal/connection.js';
import { UserError } from '../../src/lib/user-error.js';

afterEach(() => vi.unstubAllEnvs());

it.each([
  ['TEMPORAL_API_KEY', connectClient],
  ['TEMPORAL_API_KEY', connectWorker],
  ['TEMPORAL_GRPC_META_X_TOKEN', connectClient],
] as const)('a %s that no header can hold is refused without being shown', async (name, connect) => {
  vi.stubEnv(name, 'hush\n');
  const refused = connect('127.0.0.1:9');
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow(/TEMPORAL_API_KEY, TEMPORAL_GRPC_META_/);
  await expect(refused).rejects.not.toThrow(/hush/);
});
