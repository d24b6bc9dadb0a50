import { setTimeout as delay } from 'node:timers/promises';
import { isGrpcServiceError, type Client, type OperatorService } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';
import { UserError } from '../lib/user-error.js';

/** The search attributes of Posthorn's workflows, for filters in the Temporal UI. */
export const APP_ATTRIBUTE = defineSearchAttributeKey('PosthornApp', SearchAttributeType.KEYWORD);
export const EVENT_TYPE_ATTRIBUTE = defineSearchAttributeKey(
  'PosthornEventType',
  SearchAttributeType.KEYWORD,
);

/** Their names. */
export const SEARCH_ATTRIBUTES = [APP_ATTRIBUTE, EVENT_TYPE_ATTRIBUTE].map(({ name }) => name);

const INVALID_ARGUMENT = 3; // of gRPC

/** Longer than the 60 s that a server with Elasticsearch may cache its attributes; with SQL it is 2 s. */
const KNOWN_WITHIN_MS = 90_000;

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/**
 * Registers the search attributes that are missing: a start with an unregistered one would be refused.
 * @throws Error that says the command, when this caller may not register them
 */
export async function ensureSearchAttributes(operator: OperatorService, namespace: string): Promise<void> {
  const { customAttributes = {} } = await operator.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  try {
    await addSearchAttributes(operator, namespace, missing);
  } catch (error) {
    // Another process may have been first.
    if (error instanceof Error && /already exists/i.test(error.message)) return;
    const flags = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
    throw new UserError(
      `The search attributes ${missing.join(' and ')} could not be registered. Register them with: ` +
        `temporal operator search-attribute create --namespace ${namespace} ${flags}`,
      { cause: error },
    );
  }
}

/** Registers search attributes, which must not be there yet. */
export async function addSearchAttributes(
  operator: OperatorService,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  await operator.addSearchAttributes({ namespace, searchAttributes });
}

/**
 * Resolves once the server accepts registered search attributes. It keeps what it knows of them for a while, so that
 * until then a workflow that is started with one is refused ("Namespace … has no mapping defined for search attribute").
 * The development server reads them each time and passes at once.
 * @param signal gives up when it is aborted
 * @throws UserError when the server still does not know them after 90 s
 */
export async function untilSearchAttributesKnown(client: Client, signal?: AbortSignal): Promise<void> {
  const { namespace } = client.options;
  const query = SEARCH_ATTRIBUTES.map((name) => `${name} = ''`).join(' and ');
  const deadline = Date.now() + KNOWN_WITHIN_MS;
  for (;;) {
    try {
      await client.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (error) {
      if (!isGrpcServiceError(error) || Number(error.code) !== INVALID_ARGUMENT) throw error;
      if (Date.now() > deadline) {
        throw new UserError(
          `Temporal does not accept the search attributes ${SEARCH_ATTRIBUTES.join(' and ')} in the namespace ${namespace} (${error.details}), ` +
            `though they are registered: see \`temporal operator search-attribute list --namespace ${namespace}\`.`,
          { cause: error },
        );
      }
      await delay(100, undefined, { signal });
    }
  }
}
