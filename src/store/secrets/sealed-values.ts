import type { Endpoint } from '../../domain/endpoint.js';
import type { Queryable } from '../database/pool.js';

/** The encrypted values of an endpoint. */
export type SealedValues = Pick<Endpoint, 'id' | 'secret' | 'headers' | 'previousSecrets'>;

const PAGE = 200;
const COLUMNS = 'id, secret, headers, previous_secrets as "previousSecrets"';

/** Every endpoint of which something is sealed, in the order of their ids, a page at a time; none is locked. */
export async function* everySealed(db: Queryable): AsyncGenerator<SealedValues> {
  let after: string | null = null;
  for (;;) {
    const { rows }: { rows: SealedValues[] } = await db.query<SealedValues>(
      `select ${COLUMNS} from endpoints
       where ($1::uuid is null or id > $1)
         and (secret is not null or headers is not null or previous_secrets <> '[]')
       order by id limit $2`,
      [after, PAGE],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** Its row locked until the transaction ends; null when it is gone. */
export async function lockSealed(db: Queryable, id: string): Promise<SealedValues | null> {
  const { rows } = await db.query<SealedValues>(
    `select ${COLUMNS} from endpoints where id = $1 for no key update`,
    [id],
  );
  return rows[0] ?? null;
}

/** For its owner nothing has changed: `updated_at` stays. */
export async function writeSealed(db: Queryable, values: SealedValues): Promise<void> {
  await db.query('update endpoints set secret = $2, headers = $3, previous_secrets = $4 where id = $1', [
    values.id,
    values.secret,
    values.headers,
    JSON.stringify(values.previousSecrets),
  ]);
}
