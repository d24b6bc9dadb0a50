/** What the generated parts are written with. Prettier lays them out afterwards. */

/** A table; cells may hold `|`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function block(language: string, text: string): string {
  return ['```' + language, text, '```'].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Milliseconds as `22 min 35 s`; nothing longer than hours, which add up more easily than days. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.join(' ') || '0 s';
}

/** The status codes that `holds` is true of: `any 4xx`, `400, 401`; empty for none. */
export function statusCodes(holds: (statusCode: number) => boolean): string {
  const said = [1, 2, 3, 4, 5].flatMap((hundreds) => {
    const all = Array.from({ length: 100 }, (_, index) => hundreds * 100 + index);
    const held = all.filter(holds);
    return held.length === all.length ? [`any ${hundreds}xx`] : held.map(String);
  });
  return said.join(', ');
}
