import type { Client } from '@temporalio/client';
import pg from 'pg';

/** Values that were planted, and where they could have leaked to. */

/** Texts by the place that they were found in. */
export type Places = Readonly<Record<string, readonly string[]>>;

/** Too short a piece would be found by chance. */
const SHORTEST_PIECE = 12;

/**
 * Where planted values stand, in whatever form: one line each, without the value.
 * @param planted by what they are
 */
export function findings(planted: Readonly<Record<string, string | Buffer>>, places: Places): string[] {
  const texts = Object.entries(places).map(([place, all]) => [place, all.join('\n')] as const);
  return Object.entries(planted).flatMap(([what, value]) =>
    [...formsOf(value)].flatMap(([form, piece]) =>
      texts.filter(([, text]) => text.includes(piece)).map(([place]) => `${what}, ${form}, in ${place}`),
    ),
  );
}

/** Every form that a value is searched for in, with what stands there then. Bytes are keys that were given as base64. */
export function formsOf(value: string | Buffer): Map<string, string> {
  const bytes = Buffer.from(value);
  const json = typeof value === 'string' ? escaped(value) : [];
  const forms: [string, string][] = [
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...base64Pieces(bytes).flatMap((piece, offset): [string, string][] => [
      [`base64 at ${offset}`, piece],
      [`base64url at ${offset}`, piece.replaceAll('+', '-').replaceAll('/', '_')],
    ]),
    ['plain', typeof value === 'string' ? value : bytes.toString('latin1')],
    ...(typeof value === 'string'
      ? ([
          ['as bytes', bytes.toString('latin1')],
          ['in a URL', encodeURIComponent(value)],
          ['in a form', new URLSearchParams({ value }).toString().slice('value='.length)],
        ] as [string, string][])
      : []),
    ...json.map((text, index): [string, string] => [`JSON ${index}`, text]),
  ];
  const short = forms.find(([, piece]) => piece.length < SHORTEST_PIECE);
  if (short) throw new Error(`too short to be searched for: ${short[0]}`);
  return new Map(forms);
}

/** As JSON has it, in ASCII too, and once more within JSON. */
function escaped(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1);
  const ascii = once.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [once, ascii, JSON.stringify(once).slice(1, -1)];
}

/** What of a value's base64 does not depend on what stands around it, for each of the three ways it may be aligned. */
function base64Pieces(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    const certain = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
    return certain.slice(Math.ceil((offset * 4) / 3));
  });
}

/** Every row of every table: as PostgreSQL writes it as text, and what is in its bytea columns. */
export async function dumpOf(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; binary: string[] }>(
      `select c.oid::regclass::text as name,
         array(select quote_ident(attname) from pg_attribute where attrelid = c.oid and atttypid = 'bytea'::regtype
           and not attisdropped) as binary
       from pg_class c where c.relkind = 'r'
         and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
    );
    const texts: string[] = [];
    for (const { name, binary } of tables) {
      const columns = ['t::text as row', ...binary].join(', ');
      const { rows } = await client.query<Record<string, string | Buffer | null>>(
        `select ${columns} from ${name} t`,
      );
      for (const row of rows) texts.push(...textsIn(row));
    }
    return texts;
  } finally {
    await client.end();
  }
}

/** The histories of all workflows of a task queue, with what the server tells of them besides, and their types. */
export async function historiesOf(
  client: Client,
  taskQueue: string,
): Promise<{ texts: string[]; types: Set<string> }> {
  const texts: string[] = [];
  const types = new Set<string>();
  for await (const { type, workflowId, runId } of client.workflow.list({
    query: `TaskQueue = '${taskQueue}'`,
  })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    texts.push(...textsIn(await handle.fetchHistory()), ...textsIn((await handle.describe()).raw));
    types.add(type);
  }
  return { texts, types };
}

/** Every text in a value, however deep; bytes (a payload's data) as UTF-8 and byte by byte. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return [bytes.toString(), bytes.toString('latin1')];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
}
