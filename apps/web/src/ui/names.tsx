import type { MasterKind } from '@deungdae/contracts/master.ts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.generated.ts';
import { useLanguage } from '../i18n/i18n.ts';

/** As many codes of a kind as one question takes; those after it stand by what came with their row. */
const atOnce = 500;

type Codes = Partial<Record<MasterKind, readonly (string | null | undefined)[]>>;
export type NameOf = (kind: MasterKind, code: string, known?: string) => string;

/** Names of codes in the reader's language; where there is none, the name that came with the row, else the code. */
export function useNames(codes: Codes): NameOf {
  const language = useLanguage();
  const wanted: Partial<Record<MasterKind, string[]>> = {};
  for (const [kind, some] of Object.entries(codes)) {
    const each = [...new Set((some ?? []).filter((code) => !!code))].sort().slice(0, atOnce) as string[];
    if (each.length > 0) wanted[kind as MasterKind] = each;
  }
  const { data } = useQuery({
    queryKey: ['master', 'names', wanted],
    queryFn: ({ signal }) => api.masterNames(wanted, { signal }),
    enabled: Object.keys(wanted).length > 0,
    staleTime: 60_000,
  });
  return (kind, code, known) => {
    const names = data?.[kind]?.[code];
    return names?.[language] ?? known ?? names?.ko ?? code;
  };
}

/** A name, and small beside it the code that stands on labels and papers. */
export function Coded({ name, code }: { name: string; code: string | null | undefined }) {
  return (
    <>
      {name} {code && code !== name ? <span className="muted small">{code}</span> : null}
    </>
  );
}
