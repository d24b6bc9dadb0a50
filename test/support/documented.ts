import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { openApiDocument } from '../../src/api/openapi.js';
import { allRoutes } from './routes.js';

/** The OpenAPI document, and whether answers are as it has them. */

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { in: string; name: string }[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>;
}

export const document = openApiDocument(allRoutes) as unknown as {
  openapi: string;
  components: object;
  paths: Record<string, Record<string, Operation>>;
};

const ajv = new Ajv2020({ strict: false, formats: fullFormats });
const checks = new Map<object, ValidateFunction>();
const paths = Object.entries(document.paths).map(([path, operations]) => ({
  pattern: new RegExp(`^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  operations,
}));

/** What of an answer is not as the document has it; null when it is, or when there is no such operation. */
export function undocumented(
  method: string,
  url: string,
  answer: { readonly status: number; readonly type: string | undefined; readonly body: unknown },
): string | null {
  const [path = ''] = url.split('?');
  const operation = paths.find(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()];
  if (!operation) return null;
  const response = operation.responses[String(answer.status)];
  if (!response) return `${operation.operationId} does not document the status ${answer.status}`;
  if (!response.content) return answer.body === undefined ? null : `${operation.operationId} has no body`;
  const type = answer.type?.split(';')[0] ?? '';
  const schema = response.content[type]?.schema;
  if (!schema) return `${operation.operationId} does not document ${type} for ${answer.status}`;
  const check = checks.get(schema) ?? ajv.compile({ ...schema, components: document.components });
  checks.set(schema, check);
  return check(answer.body)
    ? null
    : `${operation.operationId} ${answer.status}: ${ajv.errorsText(check.errors)}`;
}
