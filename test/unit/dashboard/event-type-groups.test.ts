import { describe, expect, it } from 'vitest';
import {
  groupsOf,
  groupsWith,
  inFewWords,
  isChosen,
  isGroupChosen,
  withEverything,
  withGroup,
  withType,
  type EventTypeGroup,
} from '../../../src/dashboard/logic/event-type-groups.js';

const GROUPS = groupsOf(['user.created', 'order.paid', 'user.deleted', 'ping']);
const [USER] = GROUPS as [EventTypeGroup];

describe('groups', () => {
  it('are types of one first segment, in the order in which they come', () => {
    expect(GROUPS.map(({ name, types }) => [name, types])).toEqual([
      ['user', ['user.created', 'user.deleted']],
      ['order', ['order.paid']],
      ['ping', ['ping']],
    ]);
  });

  it('keep what a filter finds, whatever its case', () => {
    expect(groupsWith(GROUPS, ' PAI ').map(({ types }) => types)).toEqual([['order.paid']]);
    expect(groupsWith(GROUPS, 'nothing')).toEqual([]);
    expect(groupsWith(GROUPS, '')).toEqual(GROUPS);
  });
});

describe('a choice', () => {
  it('of everything has every type and group', () => {
    expect(withEverything(true)).toEqual(['*']);
    expect(withEverything(false)).toEqual([]);
    expect(isChosen(['*'], 'ping')).toBe(true);
    expect(isGroupChosen(['*'], USER)).toBe(true);
  });

  it('of a group is its pattern, without its types', () => {
    const chosen = withGroup(['user.created', 'ping'], GROUPS, USER, true);
    expect(chosen).toEqual(['ping', 'user.*']);
    expect(isChosen(chosen, 'user.deleted')).toBe(true);
    expect(withGroup(chosen, GROUPS, USER, false)).toEqual(['ping']);
  });

  it('of a group without one type names the others', () => {
    expect(withType(['user.*', 'ping'], GROUPS, 'user.created', false)).toEqual(['user.deleted', 'ping']);
  });

  it('of everything without one type names the others', () => {
    expect(withType(['*'], GROUPS, 'ping', false)).toEqual(['user.*', 'order.*']);
    expect(withGroup(['*'], GROUPS, USER, false)).toEqual(['order.*', 'ping']);
  });

  it('has a type once', () => {
    expect(withType(['ping'], GROUPS, 'order.paid', true)).toEqual(['ping', 'order.paid']);
    expect(withType(['order.*'], GROUPS, 'order.paid', true)).toEqual(['order.*']);
  });

  it('keeps patterns that it does not know', () => {
    expect(withType(['a.*.b', 'ping'], GROUPS, 'ping', false)).toEqual(['a.*.b']);
  });

  it.each([
    [['*'], 'All events'],
    [['order.*'], 'order.*'],
    [['order.*', 'ping', 'a'], 'order.* +2'],
    [[], 'None'],
  ])('%j reads "%s"', (patterns, text) => {
    expect(inFewWords(patterns)).toBe(text);
  });
});
