import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { meQuery, queryClient, setupQuery } from '../../api/queries.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { EntryFrame } from '../sign-in/entry-frame.tsx';

const shortestPassword = 10;

/** The first-run link sets the administrator; there is no default password. */
export function SetupPage() {
  const t = useText();
  const { token } = useSearch({ from: '/setup' });
  const setup = useQuery(setupQuery);
  const title = setup.data?.plant || t('app.name');
  const toSignIn = (
    <Button component="a" href="/sign-in">
      {t('auth.signIn')}
    </Button>
  );
  return (
    <EntryFrame title={title} lead={t('setup.lead')}>
      {setup.isLoading ? <LoadingRows rows={4} /> : null}
      {setup.error ? <ErrorBox error={setup.error} retry={() => void setup.refetch()} /> : null}
      {setup.data && !setup.data.needed ? (
        <EmptyState title={t('setup.doneTitle')} action={toSignIn}>
          {t('setup.doneText')}
        </EmptyState>
      ) : null}
      {setup.data?.needed && !token ? (
        <EmptyState title={t('setup.linkTitle')}>{t('setup.linkText')}</EmptyState>
      ) : null}
      {setup.data?.needed && token ? <SetupForm token={token} /> : null}
    </EntryFrame>
  );
}

function SetupForm({ token }: { token: string }) {
  const t = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const [form, setForm] = useState({ name: 'admin', displayName: '', password: '', again: '' });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const short = form.password.length > 0 && form.password.length < shortestPassword;
  const differs = form.again !== '' && form.again !== form.password;
  const ready = form.name && form.password.length >= shortestPassword && form.again === form.password;
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      const { name, displayName, password } = form;
      const user = await api.setup({ token, name, displayName: displayName || name, password, language });
      queryClient.setQueryData(meQuery.queryKey, user);
      await queryClient.invalidateQueries({ queryKey: setupQuery.queryKey });
      await navigate({ to: '/' });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const field = (key: keyof typeof form) => ({
    value: form[key],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setForm((before) => ({ ...before, [key]: value }));
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit();
      }}
    >
      {error ? <ErrorBox error={error} /> : null}
      <TextInput size="md" label={t('auth.name')} autoComplete="username" {...field('name')} />
      <TextInput size="md" label={t('users.displayName')} autoComplete="name" autoFocus {...field('displayName')} />
      <PasswordInput
        size="md"
        label={t('auth.password')}
        description={t('auth.passwordRule', { n: shortestPassword })}
        autoComplete="new-password"
        error={short ? t('auth.passwordShort') : null}
        {...field('password')}
      />
      <PasswordInput
        size="md"
        label={t('auth.passwordAgain')}
        autoComplete="new-password"
        error={differs ? t('auth.passwordDiffers') : null}
        {...field('again')}
      />
      <Button type="submit" size="md" loading={busy} disabled={!ready}>
        {t('setup.begin')}
      </Button>
    </form>
  );
}
