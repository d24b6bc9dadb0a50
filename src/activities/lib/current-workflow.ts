import { activityInfo } from '@temporalio/activity';

/** The id of the workflow that the current activity belongs to. */
export function currentWorkflowId(): string {
  const { workflowExecution } = activityInfo();
  if (!workflowExecution) throw new Error('this activity belongs to a workflow');
  return workflowExecution.workflowId;
}
