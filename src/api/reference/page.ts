import { createHash } from 'node:crypto';
import type { oas31 } from 'zod-openapi';
import { operationHtml } from './operation.js';
import { escaped } from './html.js';

/** The reference: the OpenAPI document as one page, without script and without anything that is loaded. */

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } td, th { border-top: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
.scroll { overflow-x: auto; } nav ul { padding: 0; list-style: none; } nav a { overflow-wrap: anywhere; }
.method { font-weight: 600; text-transform: uppercase; }
`;

/** What a page may load: nothing but its own style, which stands in it. */
export const REFERENCE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const METHODS = ['get', 'post', 'patch', 'delete'] as const;

/** The document as HTML. Pure. */
export function referencePage(document: oas31.OpenAPIObject): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
  const schemas = document.components?.schemas ?? {};
  const links = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${escaped(operation.operationId ?? '')}"><code><span class="method">${method}</span> ` +
      `${escaped(path)}</code></a> ${escaped(operation.summary ?? '')}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(document.info.title)} API</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(document.info.title)} API</h1>
<p>${escaped(document.info.description ?? '')} The same as a document for programs:
<a href="/openapi.json">openapi.json</a>.</p>
<nav aria-label="Operations"><ul>
${links.join('\n')}
</ul></nav>
<main>
${operations.map((each) => operationHtml({ ...each, schemas })).join('\n')}
</main>
</body>
</html>
`;
}
