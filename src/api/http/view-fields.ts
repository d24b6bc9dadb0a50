import { z } from 'zod';

/** Parts of several answers. */

/** A `Date`, which JSON has as ISO 8601 in UTC with milliseconds. */
export const time = z.date();

/** A schedule that was chosen: a documented one by its name, or delays in seconds. */
export const chosenSchedule = z.union([z.string(), z.array(z.number()).readonly()]).nullable();

/** A page of a list: its rows, and where the next page begins. */
export function page<Name extends string, Row extends z.ZodType>(name: Name, row: Row) {
  return z.object({
    ...({ [name]: z.array(row).readonly() } as Record<Name, z.ZodReadonly<z.ZodArray<Row>>>),
    next_cursor: z.string().nullable().describe('Where the next page begins; null at the end.'),
  });
}
