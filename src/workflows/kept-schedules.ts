import type { Schedule } from '../domain/schedule.js';
import type { OpenDelivery } from './contract/delivery.js';

/**
 * The schedules of deliveries that were opened together, by endpoint. Most endpoints of an application have the same
 * one, which is not said a thousand times.
 */
export interface KeptSchedules {
  /** Of every endpoint that `others` does not name. */
  readonly usual: Schedule;
  readonly others?: readonly { readonly schedule: Schedule; readonly endpointIds: readonly string[] }[];
}

/** Undefined without deliveries. Pure, as the rest of this file. */
export function keptSchedules(
  deliveries: readonly Pick<OpenDelivery, 'endpointId' | 'schedule'>[],
): KeptSchedules | undefined {
  const bySchedule = new Map<string, { schedule: Schedule; endpointIds: Set<string> }>();
  for (const { endpointId, schedule } of deliveries) {
    const key = JSON.stringify(schedule);
    const same = bySchedule.get(key) ?? { schedule, endpointIds: new Set() };
    same.endpointIds.add(endpointId);
    bySchedule.set(key, same);
  }
  const [usual, ...others] = [...bySchedule.values()].sort((a, b) => b.endpointIds.size - a.endpointIds.size);
  if (!usual) return undefined;
  return {
    usual: usual.schedule,
    ...(others.length === 0
      ? {}
      : { others: others.map(({ schedule, endpointIds }) => ({ schedule, endpointIds: [...endpointIds] })) }),
  };
}

/** The schedule of an endpoint's delivery; undefined where none was kept. */
export function scheduleIn(kept: KeptSchedules | undefined, endpointId: string): Schedule | undefined {
  return kept?.others?.find(({ endpointIds }) => endpointIds.includes(endpointId))?.schedule ?? kept?.usual;
}
