import { z } from 'zod';
import { isoTime } from './iso-time.js';

/** Parts of several request schemas. */

// Characters that PostgreSQL and HTTP headers cannot hold, or that nobody means to send.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** A line of text for people. */
export const line = (maximum: number, minimum = 1) =>
  z
    .string()
    .trim()
    .min(minimum)
    .max(maximum)
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters or broken Unicode');

/** Text that `problemOf` finds nothing wrong with; what it finds is the error. */
export const refusedBy = (problemOf: (text: string) => string | null) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** Any JSON object, kept as it is. */
export const jsonObject = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .meta({ override: { type: 'object' } });

/** A point in time, given as text. */
export const timeText = z
  .string()
  .meta({ override: { format: 'date-time' } })
  // Rules over several fields then see valid times only.
  .transform((text, context): Date => {
    const read = isoTime(text);
    if ('time' in read) return read.time;
    context.addIssue({ code: 'custom', message: read.problem });
    return z.NEVER;
  });

/** A member that may be left out; null is as if it were. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .nullish()
    .transform((given): z.output<Schema> | undefined => given ?? undefined)
    .optional();

/** A member that has a value when it is left out, or null. */
export const withDefault = <Schema extends z.ZodType<NonNullable<unknown>>>(
  schema: Schema,
  value: z.output<Schema>,
) =>
  schema
    .nullable()
    .default(value as z.core.util.NoUndefined<z.output<Schema>>)
    .transform((given): z.output<Schema> => given ?? value);

type Shape = Readonly<Record<string, z.ZodType>>;

/** Members that may all be left out. */
export const allOptional = <S extends Shape>(shape: S) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, optional(schema)])) as {
    [Name in keyof S]: ReturnType<typeof optional<S[Name]>>;
  };

/** Members of a change: one that is left out stays, null sets it back to what leaving it out at creation gives. */
export const allChangeable = <S extends Shape>(shape: S) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.nullish()])) as {
    [Name in keyof S]: z.ZodOptional<z.ZodNullable<S[Name]>>;
  };
