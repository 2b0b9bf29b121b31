import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { configureHttp } from '../../api/http.ts';
import { meQuery, queryClient, setupQuery } from '../../api/queries.ts';
import { isLanguage, setLanguage, useLanguage, useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { EntryFrame } from './entry-frame.tsx';

export function SignInPage() {
  const t = useText();
  const language = useLanguage();
  const navigate = useNavigate();
  const router = useRouter();
  const { next } = useSearch({ from: '/sign-in' });
  const setup = useQuery(setupQuery);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      const user = await api.signIn({ name: name.trim(), password });
      if (isLanguage(user.language) && user.language !== language) {
        await setLanguage(user.language);
        configureHttp({ language: user.language });
      }
      queryClient.setQueryData(meQuery.queryKey, user);
      // Only an address of this site: a link with another one must not lead people away after they signed in.
      if (next?.startsWith('/') && !next.startsWith('//')) router.history.push(next);
      else await navigate({ to: '/' });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <EntryFrame title={setup.data?.plant ?? t('app.name')} lead={t('auth.signInLead')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          size="md"
          label={t('auth.name')}
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <PasswordInput
          size="md"
          label={t('auth.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={busy}>
          {t('auth.signIn')}
        </Button>
        <p className="small muted">{t('auth.forgot')}</p>
      </form>
    </EntryFrame>
  );
}
