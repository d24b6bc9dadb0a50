/** Leads people to a workflow in the Temporal UI; null where no UI is known. */
export type WorkflowLinks = (workflowId: string) => string | null;

/** @param uiUrl of the Temporal UI; undefined: no links */
export function workflowLinks(uiUrl: string | undefined, namespace: string): WorkflowLinks {
  if (uiUrl === undefined) return () => null;
  const workflows = `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/`;
  return (workflowId) => `${workflows}${encodeURIComponent(workflowId)}`;
}
