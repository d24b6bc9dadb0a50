import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PosthornProblem } from '../../client/index.js';
import { notifyDone, notifyError } from '../notify.js';

/**
 * A change by the API. What is shown is read again after it; what went wrong is told in "Notifications".
 * @param options.done what is told when it is done; nothing without it
 */
export function useChange<Given, Answer>(
  change: (given: Given) => Promise<Answer>,
  options: {
    done?: string | ((answer: Answer) => string);
    onDone?: (answer: Answer) => void;
    /** Takes the error instead of "Notifications". */
    onError?: (error: Error) => void;
  } = {},
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => {
      const { done } = options;
      if (done !== undefined) notifyDone(typeof done === 'string' ? done : done(answer));
      options.onDone?.(answer);
      // What is being read already, such as a further page, is not begun anew.
      void queryClient.invalidateQueries({}, { cancelRefetch: false });
    },
    onError: options.onError ?? notifyUnlessEnded,
  });
}

/** That the session has ended is said by a dialog. */
function notifyUnlessEnded(error: Error): void {
  if (!(error instanceof PosthornProblem && error.status === 401)) notifyError(error);
}
