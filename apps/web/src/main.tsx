import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './ui/tokens.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { configureHttp } from './api/http.ts';
import { meQuery, queryClient } from './api/queries.ts';
import { router } from './app/router.tsx';
import { cssVariables, theme } from './app/theme.ts';
import { preferredLanguage, setLanguage, translate } from './i18n/i18n.ts';

const language = preferredLanguage();
await setLanguage(language);
configureHttp({
  language,
  networkTexts: { message: translate('error.unreachable'), advice: translate('error.unreachableAdvice') },
  onSignedOut: () => {
    if (location.pathname === '/sign-in') return;
    queryClient.removeQueries({ queryKey: meQuery.queryKey });
    void router.navigate({ to: '/sign-in', search: { next: location.pathname + location.search } });
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'deungdae.colours' })}
    >
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
