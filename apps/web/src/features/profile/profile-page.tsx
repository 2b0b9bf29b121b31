import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { meQuery, queryClient } from '../../api/queries.ts';
import { useMe } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { ColourSwitch, LanguageSwitch } from '../../app/user-menu.tsx';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';

const shortestPassword = 10;

export function ProfilePage() {
  const t = useText();
  const me = useMe();
  const [displayName, setDisplayName] = useState(me.displayName);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const short = next.length > 0 && next.length < shortestPassword;
  const done = (user: typeof me) => {
    queryClient.setQueryData(meQuery.queryKey, user);
    showDone(t('users.saved'));
  };
  const rename = useMutation({ mutationFn: () => api.updateMe({ displayName }), onSuccess: done });
  const change = useMutation({
    mutationFn: () => api.updateMe({ currentPassword: current, newPassword: next }),
    onSuccess: (user) => {
      setCurrent('');
      setNext('');
      done(user);
    },
  });
  return (
    <>
      <PageHead title={t('nav.profile')} />
      <div className="stack" style={{ maxWidth: 520 }}>
        <section className="panel panel-body stack">
          <h2>{t('settings.screen')}</h2>
          <LanguageSwitch />
          <ColourSwitch />
        </section>
        <form
          className="panel panel-body stack"
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate();
          }}
        >
          <h2>{t('users.displayName')}</h2>
          <p className="small muted">
            {me.name} · {t(`role.${me.role}`)}
          </p>
          {rename.error ? <ErrorBox error={rename.error} /> : null}
          <TextInput
            aria-label={t('users.displayName')}
            maxLength={80}
            value={displayName}
            onChange={(e) => setDisplayName(e.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            disabled={!displayName.trim() || displayName === me.displayName}
            loading={rename.isPending}
          >
            {t('action.save')}
          </Button>
        </form>
        <form
          className="panel panel-body stack"
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate();
          }}
        >
          <h2>{t('settings.changePassword')}</h2>
          {change.error ? <ErrorBox error={change.error} /> : null}
          <PasswordInput
            label={t('settings.currentPassword')}
            autoComplete="current-password"
            value={current}
            onChange={(e) => setCurrent(e.currentTarget.value)}
          />
          <PasswordInput
            label={t('users.newPassword')}
            description={t('auth.passwordRule', { n: shortestPassword })}
            autoComplete="new-password"
            value={next}
            error={short ? t('auth.passwordShort') : null}
            onChange={(e) => setNext(e.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            disabled={!current || next.length < shortestPassword}
            loading={change.isPending}
          >
            {t('settings.changePassword')}
          </Button>
        </form>
      </div>
    </>
  );
}
