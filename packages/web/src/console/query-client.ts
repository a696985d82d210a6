import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isCoded } from '@usher/sdk';
import { sessionQuery } from './queries.ts';

/** A failed request is shown at once instead of being tried again in silence; the next poll comes soon enough. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: leaveIfSignedOut }),
  mutationCache: new MutationCache({ onError: leaveIfSignedOut }),
  defaultOptions: { queries: { retry: false } },
});

/** The pages give way to the sign-in page, and what they knew is forgotten. */
export function forgetEverything(): void {
  queries.setQueryData(sessionQuery.queryKey, { signed_in: false });
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
}

/** The cookie has run out, or the host was started anew. */
function leaveIfSignedOut(error: Error): void {
  if (isCoded(error, 'api.unauthorized')) forgetEverything();
}
