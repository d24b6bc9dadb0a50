/**
 * The headers of a text with one a line, `name: value`, as logs, browsers and `curl -v` show them. Lines of another kind
 * are left out.
 */
export function headersFrom(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^[>\s]*(?:-H\s*)?['"]?([A-Za-z0-9-]+)['"]?\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = unquoted(value);
  }
  return headers;
}

/** Without the quotation marks and the comma that a line of JSON or of a shell has. */
function unquoted(value: string): string {
  return value.replace(/^["']/, '').replace(/["'],?$|["']\s*\\$/, '');
}
