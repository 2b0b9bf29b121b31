import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './ui/tokens.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { configureHttp } from './api/http.ts';
import { meQuery, queryClient } from './api/queries.ts';
import { router } from './app/router.tsx';
import { cssVariables, makeTheme } from './app/theme.ts';
import { preferredLanguage, setLanguage, translate, useText } from './i18n/i18n.ts';

const colours = localStorageColorSchemeManager({ key: 'deungdae.colours' });
const language = preferredLanguage();
await setLanguage(language);
configureHttp({
  language,
  networkTexts: { message: translate('error.unreachable'), advice: translate('error.unreachableAdvice') },
  onSignedOut: () => {
    // The kiosk says it itself and keeps what was entered.
    if (location.pathname === '/sign-in' || /^\/kiosk(\/|$)/.test(location.pathname)) return;
    queryClient.removeQueries({ queryKey: meQuery.queryKey });
    void router.navigate({ to: '/sign-in', search: { next: location.pathname + location.search } });
  },
});

// After an upgrade of the server the parts that an open page still wants are gone: it starts again, once a minute at most.
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('deungdae.reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  event.preventDefault();
  sessionStorage.setItem('deungdae.reloaded', String(Date.now()));
  location.reload();
});

function Root() {
  const t = useText();
  return (
    <MantineProvider
      theme={useMemo(() => makeTheme(t('action.close')), [t])}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colours}
    >
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
