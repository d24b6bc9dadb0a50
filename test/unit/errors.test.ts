import { describe, expect, it } from 'vitest';
import { errorCode, messageOf } from '../../src/lib/errors.js';

describe('an error', () => {
  it.each([
    [Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [Object.assign(new Error('no'), { code: 7 }), undefined],
    [new Error('no'), undefined],
    [{ code: 'ECONNREFUSED' }, undefined],
    ['ECONNREFUSED', undefined],
    [null, undefined],
  ])('%j has the code %s', (error, code) => expect(errorCode(error)).toBe(code));

  it.each([
    [new Error('no'), 'no'],
    ['thrown as text', 'thrown as text'],
    [undefined, 'undefined'],
  ])('%j says %s', (error, message) => expect(messageOf(error)).toBe(message));
});
