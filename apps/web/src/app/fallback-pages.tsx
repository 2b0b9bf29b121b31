import { Button } from '@mantine/core';
import { useText } from '../i18n/i18n.ts';
import { EmptyState, ErrorBox } from '../ui/messages.tsx';

export function NotFoundPage() {
  const t = useText();
  return (
    <main>
      <EmptyState
        title={t('error.notFound')}
        action={
          <Button component="a" href="/">
            {t('action.toFloor')}
          </Button>
        }
      >
        {t('error.notFoundAdvice')}
      </EmptyState>
    </main>
  );
}

export function CrashPage({ error }: { error: unknown }) {
  return (
    <main style={{ padding: 24, maxWidth: 640, margin: '0 auto' }}>
      <ErrorBox error={error} retry={() => location.reload()} />
    </main>
  );
}
