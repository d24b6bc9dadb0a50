import { QueryClient } from '@tanstack/react-query';

/** The client of the API repeats what may be repeated: a query that failed has failed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    // A Posthorn on this computer is there without a network, and what was asked for is not done later, unasked.
    queries: { retry: false, staleTime: 5_000, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
