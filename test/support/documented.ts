import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { openApiDocument } from '../../src/api/http/openapi.js';
import { allRoutes } from './routes.js';

/** The OpenAPI document, and whether answers are as it has them. */

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { in: string; name: string }[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly components: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What of an answer is not as a document has it; null when it is, or when there is no such operation. */
export type Comparison = (
  method: string,
  url: string,
  answer: { readonly status: number; readonly type: string | undefined; readonly body: unknown },
) => string | null;

export function comparisonWith({ paths, components }: ApiDocument): Comparison {
  const ajv = new Ajv2020({ strict: false, formats: fullFormats });
  const checks = new Map<object, ValidateFunction>();
  const known = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    operations,
  }));
  return (method, url, answer) => {
    const [path = ''] = url.split('?');
    const operation = known.find(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()];
    if (!operation) return null;
    const { operationId, responses } = operation;
    const response = responses[String(answer.status)];
    if (!response) return `${operationId} does not document the status ${answer.status}`;
    if (!response.content) return answer.body === undefined ? null : `${operationId} has no body`;
    const type = answer.type?.split(';')[0] ?? '';
    const schema = response.content[type]?.schema;
    if (!schema) return `${operationId} does not document ${type} for ${answer.status}`;
    const check = checks.get(schema) ?? ajv.compile({ ...schema, components });
    checks.set(schema, check);
    return check(answer.body) ? null : `${operationId} ${answer.status}: ${ajv.errorsText(check.errors)}`;
  };
}

/** Of this version, with the profiles that it has. */
export const document = openApiDocument(allRoutes) as unknown as ApiDocument;
export const undocumented = comparisonWith(document);
