import type { ReactNode } from 'react';

/**
 * A table, whose rows are cards in a narrow window. The roles are written out: `display: block` would take them away.
 * @param columns the headings
 */
export function Table({
  name,
  columns,
  children,
}: {
  name: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    <div className="table-box">
      <table role="table" aria-label={name} className="cards">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} role="columnheader" scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{children}</tbody>
      </table>
    </div>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return <tr role="row">{children}</tr>;
}

/** @param label the column's heading, which stands beside the value in a narrow window; none for what a row is known by */
export function Cell({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <td role="cell" className={label === undefined ? 'main-cell' : undefined} data-label={label}>
      <div>{children}</div>
    </td>
  );
}
