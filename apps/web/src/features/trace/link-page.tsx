import { useQuery } from '@tanstack/react-query';
import { useMatch, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';

/** A GS1 Digital Link or a label's own address, opened by a phone's camera: leads to the lot. */
export function LinkPage() {
  // The match, not the location: that one changes with the first step away from here, and the question would change with it.
  const { pathname } = useMatch({ strict: false });
  const [query] = useState(() => window.location.search);
  const navigate = useNavigate();
  const t = useText();
  const link = `${window.location.origin}${pathname}${query}`;
  const number = /^\/lot\/([^/?#]+)/.exec(pathname)?.[1];
  const asked = number === undefined ? link : decodeURIComponent(number);
  const { data, error } = useQuery({
    queryKey: ['materials', 'link', asked],
    queryFn: ({ signal }) => api.resolveLink({ link: asked }, { signal }),
  });
  const found = data?.lot.id;
  useEffect(() => {
    if (found) void navigate({ to: '/lots/$id', params: { id: found }, replace: true });
  }, [found, navigate]);
  return (
    <>
      <PageHead title={t('inventory.traceTitle')} />
      {error ? <ErrorBox error={error} /> : <LoadingRows />}
    </>
  );
}
