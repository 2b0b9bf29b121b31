import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';

/** A GS1 Digital Link or a label's own address, opened by a phone's camera: leads to the lot. */
export function LinkPage() {
  const location = useLocation();
  const link = `${window.location.origin}${location.href}`;
  const number = /^\/lot\/([^/?#]+)/.exec(location.pathname)?.[1];
  const asked = number === undefined ? link : decodeURIComponent(number);
  const { data, error } = useQuery({
    queryKey: ['materials', 'link', asked],
    queryFn: ({ signal }) => api.resolveLink({ link: asked }, { signal }),
  });
  if (error) return <ErrorBox error={error} />;
  if (!data) return <LoadingRows />;
  return <Navigate to="/lots/$id" params={{ id: data.lot.id }} replace />;
}
