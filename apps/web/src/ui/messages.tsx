import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiFailure } from '../api/http.ts';
import { translate, useText } from '../i18n/i18n.ts';
import './messages.css';

/** Says what belongs here, why it is worth it, and the one thing to begin with. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty-state">
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action ? <div className="row wrap">{action}</div> : null}
    </div>
  );
}

export interface ErrorParts {
  message: string;
  advice: string;
  code: string;
}

/** What happened, what to do now, and a code to quote, of anything thrown. */
export function errorParts(error: unknown): ErrorParts {
  if (error instanceof ApiFailure) return { message: error.message, advice: error.advice, code: error.code };
  return {
    message: translate('error.unexpected'),
    advice: translate('error.unexpectedAdvice'),
    code: 'WEB_UNEXPECTED',
  };
}

export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useText();
  const { message, advice, code } = errorParts(error);
  return (
    <div className="error-box" role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        <strong>{message}</strong>
        {advice ? <p>{advice}</p> : null}
        <p className="small muted">
          {t('error.code')} <code>{code}</code>
        </p>
      </div>
      {retry ? (
        <Button variant="default" onClick={retry}>
          {t('action.retry')}
        </Button>
      ) : null}
    </div>
  );
}

/** Only for the first load of a page. */
export function LoadingRows({ rows = 6 }: { rows?: number }) {
  const t = useText();
  return (
    <div className="loading-rows" role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that are all the same
        <Skeleton key={i} height={28} radius={4} />
      ))}
    </div>
  );
}
