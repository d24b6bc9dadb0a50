import { useMutation, useQueryClient } from '@tanstack/react-query';
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
      void queryClient.invalidateQueries();
    },
    onError: options.onError ?? notifyError,
  });
}
