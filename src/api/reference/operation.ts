import type { oas31 } from 'zod-openapi';
import { escaped, prose } from './html.js';
import { sketchOf, type Schemas } from './schema.js';

/** One operation of the reference. Pure. */

export interface ShownOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: oas31.OperationObject;
  readonly schemas: Schemas;
}

export function operationHtml({ path, method, operation, schemas }: ShownOperation): string {
  const {
    operationId = '',
    summary = '',
    description,
    parameters = [],
    requestBody,
    responses = {},
  } = operation;
  const body = requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  return [
    `<section aria-labelledby="${escaped(operationId)}">`,
    `<h2 id="${escaped(operationId)}"><code><span class="method">${method}</span> ${escaped(path)}</code></h2>`,
    `<p>${prose(summary)}${description === undefined ? '' : ` ${prose(description)}`}</p>`,
    parametersHtml(parameters, schemas),
    body?.schema ? `<h3>Body</h3><pre>${escaped(sketchOf(body.schema, schemas))}</pre>` : '',
    `<h3>curl</h3><pre>${escaped(curlOf({ path, method, operation, schemas }))}</pre>`,
    `<h3>posthorn/client</h3><pre>${escaped(clientLineOf({ path, method, operation, schemas }))}</pre>`,
    responsesHtml(responses, schemas),
    '</section>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function parametersHtml(
  parameters: NonNullable<oas31.OperationObject['parameters']>,
  schemas: Schemas,
): string {
  const rows = parameters.flatMap((parameter) => {
    if (!('in' in parameter)) return [];
    const { name, in: where, required, description, schema } = parameter;
    const form = schema ? sketchOf(schema, schemas) : '';
    const text = description ?? (schema && 'description' in schema ? schema.description : undefined) ?? '';
    return [
      `<tr><td><code>${escaped(name)}</code></td><td>${where}${required === true ? '' : ', optional'}</td>` +
        `<td><code>${escaped(form)}</code></td><td>${prose(text)}</td></tr>`,
    ];
  });
  if (rows.length === 0) return '';
  return (
    '<h3>Parameters</h3><div class="scroll"><table><tr><th>name</th><th>in</th><th>form</th><th></th></tr>' +
    `${rows.join('')}</table></div>`
  );
}

function responsesHtml(responses: oas31.ResponsesObject, schemas: Schemas): string {
  const shown = Object.entries(responses).map(([status, response]) => {
    const { description = '', content = {} } = response as oas31.ResponseObject;
    const schema = status.startsWith('2') ? content['application/json']?.schema : undefined;
    const form = schema ? `<pre>${escaped(sketchOf(schema, schemas))}</pre>` : '';
    return `<tr><td>${escaped(status)}</td><td>${prose(description)}${form}</td></tr>`;
  });
  return `<h3>Answers</h3><div class="scroll"><table>${shown.join('')}</table></div>`;
}

const exampleOf = ({ requestBody }: oas31.OperationObject): unknown =>
  requestBody && 'content' in requestBody ? requestBody.content['application/json']?.example : undefined;

const isPublic = ({ security }: oas31.OperationObject) => security?.length === 0;

/** The parameters of the query that have an example. */
const exampleQueryOf = ({ parameters = [] }: oas31.OperationObject): readonly (readonly [string, string])[] =>
  parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' && typeof parameter.example === 'string'
      ? [[parameter.name, parameter.example] as const]
      : [],
  );

/** A command; what stands in capitals is yours. */
function curlOf({ path, method, operation }: ShownOperation): string {
  const query = exampleQueryOf(operation).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const url = `$POSTHORN_URL${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const example = exampleOf(operation);
  return [
    method === 'get' ? `curl "${url}"` : `curl -X ${method.toUpperCase()} "${url}"`,
    ...(isPublic(operation) ? [] : ['-H "Authorization: Bearer $POSTHORN_API_KEY"']),
    ...(example === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example).replaceAll("'", `'\\''`)}'`]),
  ].join(' \\\n  ');
}

function clientLineOf({ path, method, operation }: ShownOperation): string {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const example = exampleOf(operation);
  const query = exampleQueryOf(operation).map(([name, value]) => `${name}: '${value}'`);
  const params = [
    ...(names.length === 0 ? [] : [`path: { ${names.join(', ')} }`]),
    ...(query.length === 0 ? [] : [`query: { ${query.join(', ')} }`]),
  ];
  const options = [
    ...(params.length === 0 ? [] : [`params: { ${params.join(', ')} }`]),
    ...(example === undefined ? [] : [`body: ${JSON.stringify(example)}`]),
  ];
  const given = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return `const { data } = await posthorn.api.${method.toUpperCase()}('${path}'${given});`;
}
