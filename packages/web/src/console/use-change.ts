import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';

/** A change on the host. Afterwards, also where it failed, everything on the page is asked for again: one change shows in many places. */
export function useChange<Answer = void, Input = void>(
  change: (input: Input) => Promise<Answer>,
  done?: (answer: Answer) => void,
): UseMutationResult<Answer, Error, Input> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => done?.(answer),
    onSettled: () => queries.invalidateQueries(),
    gcTime: 0, // nothing that was typed outlives the page that it was typed on
  });
}
