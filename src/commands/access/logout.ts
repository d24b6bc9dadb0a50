import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { contextNamed, readContexts, writeContexts } from '../shared/contexts.js';
import { EXIT } from '../shared/exit-codes.js';
import { outputFor } from '../shared/output.js';

/** `posthorn logout`: of the given context, else of the current one. The key itself stays valid. */
export async function run(_args: readonly string[], flags: ClientFlags): Promise<void> {
  const kept = await readContexts(process.env);
  const name = flags.context ?? kept.current;
  if (name === null) throw new CommandError(EXIT.notThere, 'There is no context.', 'posthorn login');
  contextNamed(kept, name);
  const { [name]: _gone, ...contexts } = kept.contexts;
  await writeContexts(process.env, { current: kept.current === name ? null : kept.current, contexts });
  outputFor(flags).hint(
    `Forgot the context ${name}. Its key stays valid: posthorn apps keys revoke ends it.`,
  );
}
