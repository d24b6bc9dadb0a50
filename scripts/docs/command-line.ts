import type { Command, Option } from 'commander';
import { createProgram } from '../../src/commands/program.js';
import { examplesOf } from '../../src/commands/shared/define.js';
import { EXIT } from '../../src/commands/shared/exit-codes.js';
import { block, code, table } from './markdown.js';

/** The flags that every command of this group has are told once. */
const SHARED = 'Connection and output:';

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  unexpected: 'unexpected',
  usage: 'wrong usage',
  key: 'no key, a key that is not known, or a scope that is missing (401, 403)',
  notThere: 'not there (404)',
  refused: 'refused (400, 409, 413, 415, 422)',
  unreachable: 'not reachable, too many requests, or not available (429, 503)',
  bad: 'it ran, and the answer is bad: `doctor` found a fault, `--wait` ended undelivered, `verify` says no',
  interrupted: 'Ctrl-C; `listen` and `events tail`, which end so, give 0',
};

export function exitCodes(): string {
  const rows = Object.entries(EXIT).map(([name, number]) => [
    String(number),
    MEANINGS[name as keyof typeof EXIT],
  ]);
  return table(['code', 'meaning'], rows);
}

/** The flags of every command that calls the API. */
export function sharedFlags(): string {
  const list = leavesOf(createProgram()).find((command) => fullName(command) === 'posthorn events list');
  return optionTable((list?.options ?? []).filter(isShared));
}

/** A section a command, in the order of the help. */
export function commandReference(): string {
  return leavesOf(createProgram()).map(sectionOf).join('\n\n');
}

function sectionOf(command: Command): string {
  const own = command.options.filter((option) => !isShared(option) && !option.hidden);
  const usage = [fullName(command), ...command.registeredArguments.map(argumentText)].join(' ');
  return [
    `### ${code(usage)}`,
    `${capitalised(command.description())}.`,
    ...(own.length === 0 ? [] : [optionTable(own)]),
    ...(examplesOf(command).length === 0 ? [] : [block('text', examplesOf(command).join('\n'))]),
  ].join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  return table(
    ['flag', 'does'],
    options.map((option) => [code(option.flags), textOf(option)]),
  );
}

function textOf({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : ` (${argChoices.map(code).join(', ')})`;
  const standard = typeof defaultValue === 'string' ? `; ${code(defaultValue)} without it` : '';
  return `${description}${choices}${standard}`;
}

/** Commands that do something, without the hidden ones. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((each) => {
    if (each.name().startsWith('_')) return [];
    return each.commands.length === 0 ? [each] : leavesOf(each);
  });
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function argumentText(argument: Command['registeredArguments'][number]): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function isShared(option: Option): boolean {
  return option.helpGroupHeading === SHARED;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
