import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_posthorn() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(posthorn __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _posthorn posthorn`,
  zsh: `#compdef posthorn
_posthorn() {
  local -a found
  found=("\${(@f)$(posthorn __complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef _posthorn posthorn`,
  fish: `function __posthorn
  set -l words (commandline -opc) (commandline -ct)
  posthorn __complete -- $words[2..-1] 2>/dev/null
end
complete -c posthorn -f -a '(__posthorn)'`,
};

/** `posthorn completion`: for `source <(posthorn completion bash)` and the like. */
export function run([shell = '']: readonly string[]): Promise<void> {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    throw new CommandError(EXIT.usage, `There is no script for ${shell}: bash, zsh and fish have one.`);
  }
  process.stdout.write(`${script}\n`);
  return Promise.resolve();
}
