import type { Command } from 'commander';
import { define } from '../shared/define.js';

export function addCompletion(program: Command): void {
  define(program, {
    use: 'completion <shell>',
    summary: 'prints a script that completes commands, flags and ids: for bash, zsh or fish',
    kind: 'alone',
    examples: ['posthorn completion bash', 'posthorn completion zsh', 'posthorn completion fish'],
    load: () => import('./completion.js'),
  });
  // The scripts call it at every Tab with the words before it.
  const complete = define(program, {
    use: '__complete [words...]',
    summary: 'prints what may come next',
    kind: 'alone',
    hidden: true,
    load: async () => {
      const { runComplete } = await import('./complete.js');
      return { run: (words: readonly string[]) => runComplete(program, words) };
    },
  });
  complete.allowUnknownOption().helpOption(false);
}
