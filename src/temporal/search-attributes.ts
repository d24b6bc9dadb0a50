import type { OperatorService } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';

/** What the Temporal UI's search can filter Posthorn's workflows by. */
export const APP_ATTRIBUTE = defineSearchAttributeKey('PosthornApp', SearchAttributeType.KEYWORD);
export const EVENT_TYPE_ATTRIBUTE = defineSearchAttributeKey(
  'PosthornEventType',
  SearchAttributeType.KEYWORD,
);

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/**
 * Registers the search attributes that are missing: a start with an unregistered one would be refused.
 * @throws Error that says the command, when this caller may not register them
 */
export async function ensureSearchAttributes(operator: OperatorService, namespace: string): Promise<void> {
  const { customAttributes = {} } = await operator.listSearchAttributes({ namespace });
  const names = [APP_ATTRIBUTE, EVENT_TYPE_ATTRIBUTE].map(({ name }) => name);
  const missing = names.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  try {
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await operator.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    // Another process may have been first.
    if (error instanceof Error && /already exists/i.test(error.message)) return;
    const flags = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
    throw new Error(
      `The search attributes ${missing.join(' and ')} could not be registered. Register them with: ` +
        `temporal operator search-attribute create --namespace ${namespace} ${flags}`,
      { cause: error },
    );
  }
}
