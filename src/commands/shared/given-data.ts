import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { messageOf } from '../../lib/errors.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

/**
 * JSON as it was given: itself, `@file`, or `-` for standard input.
 * @throws CommandError of usage when there is no such file, or it is not JSON
 */
export async function jsonGiven(given: string, flag: string): Promise<unknown> {
  const json = await textGiven(given, flag);
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new CommandError(EXIT.usage, `${flag}: not JSON: ${messageOf(error)}`);
  }
}

async function textGiven(given: string, flag: string): Promise<string> {
  if (given === '-') return text(process.stdin);
  if (!given.startsWith('@')) return given;
  return (await bytesOf(given.slice(1), flag)).toString('utf8');
}

/**
 * A file's bytes.
 * @throws CommandError of usage when it cannot be read
 */
export async function bytesOf(path: string, flag: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(EXIT.usage, `${flag}: ${path} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * `data` with the values of `path=value` set, a path's segments separated by dots. A value that is JSON is taken as that,
 * anything else as text. `data` itself stays as it is.
 * @throws CommandError of usage for what has no `=`, and where a path leads through something that is no object
 */
export function withValues(data: unknown, settings: readonly string[]): unknown {
  const changed: unknown = structuredClone(data);
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const path = at < 1 ? [] : setting.slice(0, at).split('.');
    const last = path.pop();
    if (last === undefined) {
      throw new CommandError(EXIT.usage, `--set: ${setting} is no path=value.`);
    }
    let target = objectOrThrow(changed, setting);
    for (const segment of path) {
      if (!Object.hasOwn(target, segment)) put(target, segment, {});
      target = objectOrThrow(target[segment], setting);
    }
    put(target, last, jsonOrText(setting.slice(at + 1)));
  }
  return changed;
}

function objectOrThrow(value: unknown, setting: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new CommandError(EXIT.usage, `--set: ${setting} leads through something that is no object.`);
}

/** Not by assignment: that would lose a member called __proto__. */
function put(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
