import { activityInfo, heartbeat } from '@temporalio/activity';
import {
  appExists,
  leftEvents,
  removeDeliveries,
  removeEventKeys,
  removeEvents,
  strayDeliveries,
  type LeftEvent,
} from '../../store/apps/app-data.js';
import { forgetStatsOf } from '../../store/stats/forget-stats.js';
import type { Day } from '../../domain/day.js';
import type { Pool } from '../../store/database/pool.js';
import { markCleared, markRemoved } from '../../store/apps/removed-ids.js';
import type { RemovalCursor, RemovalSlice } from '../../workflows/slices.js';
import type { Dependencies } from '../dependencies.js';
import { cursorAt, positionOf } from '../lib/event-cursor.js';
import { SLICE_MS } from '../lib/paced-slice.js';

/** Events checked per statement, and the maximum of their deliveries that one statement removes. */
const PAGE = 100;
const MAX_DELIVERIES = 2_000;
/** Rows without an event that one statement removes. */
const ROWS_AT_ONCE = 2_000;

/**
 * Removes a deleted application's events, oldest first, each with its deliveries, attempts and id, and at last what
 * has no event any more. An event with open deliveries stays, and their workflows are cancelled: an attempt in flight
 * is finished first. Deliveries whose workflow has ended without them are ended by nobody, and go. What watched its
 * endpoints, or recovered them, is told at the beginning of each pass, and ends.
 */
export function removeAppDataActivity({ pool, workflows }: Dependencies) {
  return async (appId: string, begin: RemovalCursor | null, wasClear: boolean): Promise<RemovalSlice> => {
    const until = performance.now() + SLICE_MS;
    if (await appExists(pool, appId)) return { kind: 'kept' };
    // Also in a log that was restored to a moment before the deletion.
    await markRemoved(pool, appId);
    let cursor = (activityInfo().heartbeatDetails as RemovalCursor | undefined) ?? begin;
    if (cursor === null) await workflows.remindAllOf(appId);
    do {
      heartbeat(cursor);
      const page = boundedPage(await leftEvents(pool, appId, positionOf(cursor), PAGE));
      if (page.length === 0) {
        if (cursor?.leftOpen) return { kind: 'open' };
        if (await removeStrays(pool, appId)) continue;
        if (wasClear) await markCleared(pool, appId);
        return { kind: 'clear' };
      }
      const removable: LeftEvent[] = [];
      for (const event of page) {
        heartbeat(cursor);
        if (await hasEnded(event)) removable.push(event);
      }
      for (const [day, ids] of byDay(removable)) await removeEvents(pool, appId, day, ids);
      const leftOpen: boolean = cursor?.leftOpen === true || removable.length < page.length;
      const last = cursorAt(page.at(-1));
      cursor = last && { ...last, leftOpen };
    } while (performance.now() < until);
    return { kind: 'more', cursor };
  };

  /** Whether no workflow works on an event any more; those that do are cancelled. */
  async function hasEnded({ openWorkflows }: LeftEvent): Promise<boolean> {
    const cancelled = await Promise.all(openWorkflows.map((workflowId) => workflows.cancel(workflowId)));
    return cancelled.every((outcome) => outcome === 'gone');
  }
}

/** Removes some of what has no event, statistics too; false when there was nothing. */
async function removeStrays(pool: Pool, appId: string): Promise<boolean> {
  const strays = await strayDeliveries(pool, appId, ROWS_AT_ONCE);
  for (const [day, ids] of byDay(strays)) await removeDeliveries(pool, day, ids);
  const keys = await removeEventKeys(pool, appId, ROWS_AT_ONCE);
  const minutes = await forgetStatsOf(pool, appId, ROWS_AT_ONCE);
  return strays.length > 0 || keys > 0 || minutes > 0;
}

function byDay(rows: readonly { readonly day: Day; readonly id: string }[]): Map<Day, string[]> {
  const days = new Map<Day, string[]>();
  for (const { day, id } of rows) days.set(day, [...(days.get(day) ?? []), id]);
  return days;
}

/** As many events as one statement may remove, at least one. */
function boundedPage(events: readonly LeftEvent[]): LeftEvent[] {
  let deliveries = 0;
  return events.filter((event, index) => {
    deliveries += event.deliveries;
    return index === 0 || deliveries <= MAX_DELIVERIES;
  });
}
