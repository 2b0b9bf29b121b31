import type { Role } from '@deungdae/contracts/api-entities.ts';
import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { IconCopy, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { copyText } from '../../ui/copy.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { roles } from './user-dialog.tsx';

/** Keys for programs; each is shown once, when it is made. */
export function TokenPanel() {
  const t = useText();
  const f = useFormats();
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => api.tokens({ signal }) });
  const revoke = useMutation({
    mutationFn: (id: string) => api.revokeToken({ id }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t('tokens.make')}
    </Button>
  );
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <h2>{t('users.tokens')}</h2>
        <span className="push">{tokens.data?.length ? add : null}</span>
      </div>
      {tokens.error ? <ErrorBox error={tokens.error} /> : null}
      {revoke.error ? <ErrorBox error={revoke.error} /> : null}
      {tokens.isLoading ? <LoadingRows /> : null}
      {tokens.data?.length === 0 ? (
        <EmptyState title={t('tokens.none')} action={add}>
          {t('tokens.noneText')}
        </EmptyState>
      ) : null}
      {tokens.data?.length ? (
        <CardTable>
          <thead>
            <tr>
              <th>{t('tokens.name')}</th>
              <th>{t('users.role')}</th>
              <th>{t('tokens.expires')}</th>
              <th>{t('tokens.lastUsed')}</th>
              <th>
                <span className="hidden-text">{t('field.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.data.map((token) => (
              <tr key={token.id}>
                <td>
                  <strong>{token.name}</strong>
                </td>
                <td>{t(`role.${token.role}`)}</td>
                <td className="nowrap">{f.dateTime(token.expiresAt / 1000)}</td>
                <td className="nowrap muted">
                  {token.lastUsedAt === null ? t('users.never') : f.dateTime(token.lastUsedAt / 1000)}
                </td>
                <td className="num">
                  <Button
                    variant="default"
                    size="compact-sm"
                    onClick={() => confirm(t('tokens.revokeAsk', { name: token.name })) && revoke.mutate(token.id)}
                  >
                    {t('tokens.revoke')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      ) : null}
      {making ? <MakeToken close={() => setMaking(false)} /> : null}
    </section>
  );
}

function MakeToken({ close }: { close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('auditor');
  const [days, setDays] = useState<number>(365);
  const make = useMutation({
    mutationFn: () => api.createToken({ name, role, days }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const made = make.data;
  return (
    <Modal opened onClose={close} title={<strong>{t('tokens.make')}</strong>} closeOnClickOutside={!made}>
      {made ? (
        <div className="stack">
          <p>{t('tokens.once')}</p>
          <code style={{ padding: 12, background: 'var(--hover)', borderRadius: 6, wordBreak: 'break-all' }}>
            {made.token}
          </code>
          <Button
            leftSection={<IconCopy size={16} />}
            onClick={async () => (await copyText(made.token)) && showDone(t('tokens.copied'))}
          >
            {t('tokens.copy')}
          </Button>
        </div>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          {make.error ? <ErrorBox error={make.error} /> : null}
          <TextInput
            data-autofocus
            label={t('tokens.name')}
            description={t('tokens.nameHelp')}
            maxLength={80}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Select
            label={t('users.role')}
            allowDeselect={false}
            value={role}
            onChange={(value) => value && setRole(value as Role)}
            data={roles.map((each) => ({ value: each, label: t(`role.${each}`) }))}
          />
          <NumberInput
            label={t('tokens.days')}
            min={1}
            max={3650}
            value={days}
            onChange={(value) => setDays(Number(value))}
          />
          <Button type="submit" loading={make.isPending} disabled={!name.trim() || !(days >= 1)}>
            {t('tokens.make')}
          </Button>
        </form>
      )}
    </Modal>
  );
}
