import type { User } from '@deungdae/contracts/api-entities.ts';
import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { TokenPanel } from './token-panel.tsx';
import { UserDialog } from './user-dialog.tsx';

export function UsersPage() {
  const t = useText();
  const f = useFormats();
  const now = useNow(60_000);
  const navigate = useNavigate();
  const { tab: given } = useSearch({ from: '/session/shell/users' });
  const tab = given === 'tokens' ? 'tokens' : 'users';
  const [editing, setEditing] = useState<User | 'new' | null>(null);
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => api.users({ signal }) });
  return (
    <>
      <PageHead
        title={t('nav.users')}
        lead={
          <SegmentedControl
            aria-label={t('users.views')}
            value={tab}
            onChange={(value) => void navigate({ to: '/users', search: (s) => ({ ...s, tab: value }) })}
            data={[
              { value: 'users', label: t('nav.users') },
              { value: 'tokens', label: t('users.tokens') },
            ]}
          />
        }
      >
        {tab === 'users' ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
            {t('users.add')}
          </Button>
        ) : null}
      </PageHead>
      {tab === 'tokens' ? <TokenPanel /> : null}
      {tab === 'users' && users.error ? <ErrorBox error={users.error} retry={() => void users.refetch()} /> : null}
      {tab === 'users' && users.isLoading ? <LoadingRows /> : null}
      {tab === 'users' && users.data ? (
        <section className="panel table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('users.displayName')}</th>
                <th>{t('auth.name')}</th>
                <th>{t('users.role')}</th>
                <th>{t('users.active')}</th>
                <th>{t('users.lastSeen')}</th>
                <th>{t('users.created')}</th>
              </tr>
            </thead>
            <tbody>
              {users.data.map((user) => (
                <tr key={user.id} className="pick" onClick={() => setEditing(user)}>
                  <td>
                    <button type="button" className="plain-button link" onClick={() => setEditing(user)}>
                      {user.displayName || user.name}
                    </button>
                  </td>
                  <td className="muted">{user.name}</td>
                  <td>{t(`role.${user.role}`)}</td>
                  <td>{user.active ? t('users.yes') : <span className="muted">{t('users.no')}</span>}</td>
                  <td className="muted nowrap">
                    {user.lastSeenAt === null ? t('users.never') : f.ago(user.lastSeenAt / 1000, now)}
                  </td>
                  <td className="muted nowrap">{f.dateTime(user.createdAt / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </section>
      ) : null}
      {editing ? <UserDialog user={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </>
  );
}
