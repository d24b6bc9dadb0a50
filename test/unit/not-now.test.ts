import { describe, expect, it } from 'vitest';
import { Silent } from '../../src/lib/pulse.js';
import {
  ConnectionFailed,
  ConnectionsBusy,
  isDatabaseUnavailable,
  NOT_NOW_STATES,
  notNow,
} from '../../src/store/database/errors.js';

const withCode = (code: string) => Object.assign(new Error('it says why'), { code });

describe('what PostgreSQL says', () => {
  it.each([
    ['08006', 'away'], // connection_failure
    ['08P01', 'away'], // of PgBouncer: server login has been failing
    ['25006', 'read_only'], // read_only_sql_transaction
    ['25P03', 'away'], // idle_in_transaction_session_timeout
    ['28P01', 'away'], // invalid_password
    ['3D000', 'away'], // invalid_catalog_name
    ['40001', 'busy'], // serialization_failure
    ['40P01', 'busy'], // deadlock_detected
    ['53100', 'away'], // disk_full
    ['53200', 'busy'], // out_of_memory
    ['53300', 'busy'], // too_many_connections
    ['55P03', 'busy'], // lock_not_available
    ['57P01', 'away'], // admin_shutdown
    ['57P02', 'away'], // crash_shutdown
    ['57P03', 'away'], // cannot_connect_now
    ['57P05', 'away'], // idle_session_timeout
    ['58030', 'away'], // io_error
  ])('%s means not now: %s', (code, kind) => {
    expect(notNow(withCode(code))).toBe(kind);
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
  });

  it.each([
    '23505', // unique_violation
    '25001', // active_sql_transaction
    '42501', // insufficient_privilege
    '42P01', // undefined_table
    '55000', // object_not_in_prerequisite_state
    '57014', // query_canceled: it took too long
    'XX000', // internal_error
    'XX001', // data_corrupted
  ])('%s is of the statement, or a fault', (code) => {
    expect(notNow(withCode(code))).toBeNull();
    expect(isDatabaseUnavailable(withCode(code))).toBe(false);
  });

  it('has a reason for each', () => {
    for (const [, , why] of NOT_NOW_STATES) expect(why).not.toBe('');
  });
});

describe('what a connection fails with', () => {
  it.each([
    [withCode('ECONNREFUSED'), 'away'],
    [withCode('EHOSTUNREACH'), 'away'],
    [withCode('EMFILE'), 'busy'],
    [new Error('Connection terminated unexpectedly'), 'away'],
    [new Error('Query read timeout'), 'away'],
    [new Silent('PostgreSQL does not answer'), 'away'],
    [new ConnectionFailed(withCode('CERT_HAS_EXPIRED')), 'away'],
    [new ConnectionFailed(withCode('53300')), 'busy'],
    [new ConnectionsBusy('all 20 connections to PostgreSQL were taken'), 'busy'],
    [new Error('expected one row, got 0'), null],
    ['not even an error', null],
  ])('%s: %s', (error, kind) => {
    expect(notNow(error)).toBe(kind);
  });
});
