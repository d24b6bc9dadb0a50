import { QueryClient } from '@tanstack/react-query';

/** The client of the API repeats what may be repeated: a query that failed has failed. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
});
