import type { Endpoint } from '../../domain/endpoint.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** The encrypted values of an endpoint. */
export type SealedValues = Pick<Endpoint, 'id' | 'secret' | 'headers' | 'previousSecrets'>;

const PAGE = 200;
const COLUMNS = sql`id, secret, headers, previous_secrets`;

/** Every endpoint of which something is sealed, in the order of their ids, a page at a time; none is locked. */
export async function* everySealed(db: Queryable): AsyncGenerator<SealedValues> {
  let after: string | null = null;
  for (;;) {
    const rows: SealedValues[] = await rowsOf<SealedValues>(
      db,
      sql`select ${COLUMNS} from endpoints
       where (${after}::uuid is null or id > ${after})
         and (secret is not null or headers is not null or previous_secrets <> '[]')
       order by id limit ${PAGE}`,
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** Its row locked until the transaction ends; null when it is gone. */
export async function lockSealed(db: Queryable, id: string): Promise<SealedValues | null> {
  const [values] = await rowsOf<SealedValues>(
    db,
    sql`select ${COLUMNS} from endpoints where id = ${id} for no key update`,
  );
  return values ?? null;
}

/** For its owner nothing has changed: `updated_at` stays. */
export async function writeSealed(db: Queryable, values: SealedValues): Promise<void> {
  const { id, secret, headers, previousSecrets } = values;
  await db.query(
    sql`update endpoints
     set secret = ${secret}, headers = ${headers}, previous_secrets = ${JSON.stringify(previousSecrets)}
     where id = ${id}`,
  );
}
