import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { showDone, showFailure } from '../../ui/notify.ts';

/** Runs a change, says what came of it, and has every list of production read again. */
export function useAct() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async <T>(work: () => Promise<T>, done?: string): Promise<T | null> => {
    setBusy(true);
    try {
      const result = await work();
      await client.invalidateQueries({ queryKey: ['production'] });
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
