import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOver,
  NEW_HEALTH,
  observe,
  type EndpointStanding,
  type HealthStatus,
  type HealthStep,
} from '../../src/domain/endpoint-health.js';
import { healthRuleFor } from '../../src/domain/health-rule.js';
import {
  asksForOperational,
  isOperational,
  OPERATIONAL_EVENTS,
} from '../../src/domain/operational-events.js';
import { profileById } from '../../src/profiles/index.js';
import { DEFAULT_SETTINGS, type AppSettings } from '../../src/domain/app.js';

const healthy: EndpointStanding = {
  enabled: true,
  disabledReason: null,
  tripped: null,
  failureCount: 0,
  failingSince: null,
  unwell: false,
};
const failing: EndpointStanding = {
  ...healthy,
  failureCount: 1,
  failingSince: '2026-01-01T00:00:00.000Z',
  unwell: true,
};
const tripped: EndpointStanding = { ...failing, failureCount: 10, tripped: 'consecutive_failures' };
const disabled: EndpointStanding = {
  ...failing,
  failureCount: 10,
  enabled: false,
  disabledReason: 'consecutive_failures',
};
const enabledAgain: EndpointStanding = { ...healthy, unwell: true };

/** The states and steps that a row of looks leads through. */
function walk(...standings: (EndpointStanding | null)[]) {
  let status: HealthStatus = NEW_HEALTH;
  const steps: HealthStep[] = [];
  const states = standings.map((standing, n) => {
    const observed = observe(status, standing, `2026-01-01T00:00:0${n}.000Z`);
    status = observed.status;
    steps.push(...observed.steps);
    return status.state;
  });
  return { status, states, told: steps.map((step) => (step.kind === 'announce' ? step.type : step.kind)) };
}

describe('an endpoint’s health', () => {
  it('goes from active over failing, disabled and probation to recovered, and tells of it', () => {
    const { states, told, status } = walk(failing, tripped, disabled, enabledAgain, healthy);
    expect(states).toEqual(['failing', 'failing', 'disabled', 'probation', 'recovered']);
    expect(told).toEqual(['endpoint.failing', 'disable', 'endpoint.disabled', 'endpoint.recovered']);
    expect(status.history.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ['active', 'failing', null],
      ['failing', 'disabled', 'consecutive_failures'],
      ['disabled', 'probation', null],
      ['probation', 'recovered', null],
    ]);
    expect(isOver(status)).toBe(true);
  });

  it('is disabled at the first look, when the rule was met before anybody looked', () => {
    expect(walk(tripped, disabled).told).toEqual(['disable', 'endpoint.failing', 'endpoint.disabled']);
  });

  it('is not told of when it is disabled by hand', () => {
    const { states, told } = walk(failing, { ...disabled, disabledReason: 'manual' }, enabledAgain);
    expect(states).toEqual(['failing', 'disabled', 'probation']);
    expect(told).toEqual(['endpoint.failing']);
  });

  it('fails on probation without becoming failing, and is disabled again by its rule', () => {
    const { states, told } = walk(failing, disabled, enabledAgain, failing, disabled);
    expect(states.slice(2)).toEqual(['probation', 'probation', 'disabled']);
    expect(told.filter((step) => step === 'endpoint.disabled')).toHaveLength(2);
  });

  it('that failed and delivered before anybody looked was never ill', () => {
    const { states, told, status } = walk(healthy);
    expect(states).toEqual(['active']);
    expect(told).toEqual([]);
    expect(isOver(status)).toBe(true);
  });

  it('ends with its endpoint', () => {
    const { status, told } = walk(failing, null);
    expect(status.state).toBe('deleted');
    expect(isOver(status)).toBe(true);
    expect(status).toMatchObject({ failureCount: 0, failingSince: null });
    expect(status.history.at(-1)).toEqual({
      at: '2026-01-01T00:00:01.000Z',
      from: 'failing',
      to: 'deleted',
      failureCount: 0,
      reason: null,
    });
    expect(told).toEqual(['endpoint.failing']);
  });

  it('does not change by looking twice, whatever was seen before', () => {
    const standing = fc.constantFrom(healthy, failing, tripped, disabled, enabledAgain, null);
    fc.assert(
      fc.property(fc.array(standing), standing, (past, last) => {
        const once = walk(...past, last);
        const twice = walk(...past, last, last);
        expect(twice.status.state).toBe(once.status.state);
        expect(twice.status.history).toEqual(once.status.history);
        const more = twice.told.slice(once.told.length);
        // What is still to be disabled is asked for again; nothing is told twice.
        expect(more.filter((step) => step !== 'disable')).toEqual([]);
      }),
    );
  });

  it('is as the log has it: its failures, since when, and when that was seen', () => {
    const { status } = walk(failing, { ...failing, failureCount: 2 });
    expect(status).toMatchObject({ failureCount: 2, failingSince: '2026-01-01T00:00:00.000Z' });
    expect(status.history).toEqual([
      { at: '2026-01-01T00:00:00.000Z', from: 'active', to: 'failing', failureCount: 1, reason: null },
    ]);
  });

  it('that is disabled already is not disabled for the rule that it has met as well', () => {
    expect(walk({ ...disabled, tripped: 'gone' }).told).toEqual(['endpoint.disabled']);
  });

  it('has no reason once it is enabled again, whatever the log still says', () => {
    const { status } = walk(disabled, { ...enabledAgain, disabledReason: 'consecutive_failures' });
    expect(status.history.map(({ to, reason }) => [to, reason])).toEqual([
      ['disabled', 'consecutive_failures'],
      ['probation', null],
    ]);
  });

  it('is over when it has recovered, is gone, or was never ill, and not before', () => {
    const over = (['active', 'failing', 'disabled', 'probation', 'recovered', 'deleted'] as const).filter(
      (state) => isOver({ ...NEW_HEALTH, state }),
    );
    expect(over).toEqual(['active', 'recovered', 'deleted']);
    expect(NEW_HEALTH).toEqual({ state: 'active', failureCount: 0, failingSince: null, history: [] });
  });

  it('keeps the last fifty changes', () => {
    const changes = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? failing : disabled));
    expect(walk(...changes).status.history).toHaveLength(50);
  });
});

describe('the rule', () => {
  const rule = (profile: string, settings: Partial<AppSettings> = {}) =>
    healthRuleFor(profileById(profile), { ...DEFAULT_SETTINGS, ...settings });

  it('is the profile’s: ten in a row on ScendCore; 410 or five days on standard; none elsewhere', () => {
    expect(rule('scendcore')).toEqual({ afterFailures: 10, afterHours: null, onGone: false });
    expect(rule('standard')).toEqual({ afterFailures: null, afterHours: 120, onGone: true });
    for (const profile of ['scute', 'scalekit', 'scalekit-auth']) {
      expect(rule(profile)).toEqual({ afterFailures: null, afterHours: null, onGone: false });
    }
  });

  it('is the application’s where it sets one, and none where it sets 0', () => {
    expect(rule('scute', { disable_after_failures: 3 })).toMatchObject({ afterFailures: 3 });
    expect(rule('scendcore', { disable_after_failures: 0 })).toMatchObject({ afterFailures: null });
    expect(rule('standard', { disable_after_hours: 0 })).toMatchObject({ afterHours: null, onGone: true });
    expect(rule('standard', { disable_after_hours: 2 })).toMatchObject({ afterHours: 2, onGone: true });
  });
});

describe('Posthorn’s own events', () => {
  it('are four, and no others are', () => {
    expect(OPERATIONAL_EVENTS.filter(isOperational)).toEqual([
      'endpoint.failing',
      'endpoint.disabled',
      'endpoint.recovered',
      'delivery.exhausted',
    ]);
    expect(['endpoint', 'endpoint.deleted', 'user.created', ''].filter(isOperational)).toEqual([]);
  });

  it.each([
    [['endpoint.disabled'], true],
    [['endpoint.*'], true],
    [['order.paid', 'endpoint.*'], true],
    [['*'], false],
    [['*.disabled'], false],
    [['*.*'], false],
    [['delivery.*'], false],
    [['endpoint.failing'], false],
  ])('endpoint.disabled goes to %j: %s', (patterns, asked) => {
    expect(asksForOperational(patterns, 'endpoint.disabled')).toBe(asked);
  });
});
