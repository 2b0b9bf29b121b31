import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { showDone, showFailure } from './notify.ts';

/** Runs a change, says what came of it, and has every list whose key begins with `key` read again. */
export function useActOn(key: string) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async <T>(work: () => Promise<T>, done?: string): Promise<T | null> => {
    setBusy(true);
    try {
      const result = await work();
      await client.invalidateQueries({ queryKey: [key] });
      if (done) showDone(done);
      return result;
    } catch (error) {
      showFailure(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { act, busy };
}

/** As `useActOn`, for a dialog: it closes when the change is made, and else says itself what went wrong. */
export function useSaveOn<In, Out>(
  key: string,
  {
    close,
    work,
    done,
  }: { close: () => void; work: (input: In) => Promise<Out>; done: (result: Out) => string | undefined },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async (result) => {
      await client.invalidateQueries({ queryKey: [key] });
      const said = done(result);
      if (said) showDone(said);
      close();
    },
  });
}
