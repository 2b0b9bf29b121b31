import type { Role, User } from '@deungdae/contracts/api-entities.ts';
import { Button, Modal, PasswordInput, Radio, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useMe } from '../../app/me.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';

export const roles: readonly Role[] = ['operator', 'supervisor', 'engineer', 'administrator', 'partner', 'auditor'];
const shortestPassword = 10;

/** Adds a person or changes one; nobody can lock themselves out. */
export function UserDialog({ user, close }: { user: User | null; close: () => void }) {
  const t = useText();
  const language = useLanguage();
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState(user?.name ?? '');
  const [displayName, setDisplayName] = useState(user?.displayName ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'operator');
  const [active, setActive] = useState(user?.active ?? true);
  const [password, setPassword] = useState('');
  const own = user?.id === me.id;
  const short = password.length > 0 && password.length < shortestPassword;
  const save = useMutation({
    mutationFn: () =>
      user
        ? api.updateUser({ id: user.id }, { displayName, role, active, ...(password ? { password } : {}) })
        : api.createUser({ name, displayName: displayName || name, role, language, password }),
    onSuccess: async () => {
      showDone(t('users.saved'));
      await client.invalidateQueries({ queryKey: ['users'] });
      close();
    },
  });
  const ready = name.length >= 2 && !short && (user !== null || password.length >= shortestPassword);
  return (
    <Modal
      opened
      onClose={close}
      title={<strong>{user ? user.displayName || user.name : t('users.add')}</strong>}
      size={480}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) save.mutate();
        }}
      >
        {save.error ? <ErrorBox error={save.error} /> : null}
        {user ? null : (
          <TextInput
            data-autofocus
            label={t('auth.name')}
            description={t('users.nameRule')}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
        )}
        <TextInput
          label={t('users.displayName')}
          maxLength={80}
          value={displayName}
          onChange={(e) => setDisplayName(e.currentTarget.value)}
        />
        <Radio.Group label={t('users.role')} value={role} onChange={(value) => setRole(value as Role)}>
          <div className="stack" style={{ gap: 8, paddingTop: 6 }}>
            {roles.map((each) => (
              <Radio
                key={each}
                value={each}
                label={t(`role.${each}`)}
                description={t(`roleHelp.${each}`)}
                disabled={own}
              />
            ))}
          </div>
        </Radio.Group>
        <PasswordInput
          label={user ? t('users.newPassword') : t('auth.password')}
          description={t('auth.passwordRule', { n: shortestPassword })}
          autoComplete="new-password"
          value={password}
          error={short ? t('auth.passwordShort') : null}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        {user ? (
          <Switch
            label={t('users.canSignIn')}
            checked={active}
            disabled={own}
            onChange={(e) => setActive(e.currentTarget.checked)}
          />
        ) : null}
        <Button type="submit" loading={save.isPending} disabled={!ready}>
          {t('action.save')}
        </Button>
      </form>
    </Modal>
  );
}
