import type { Role } from '@deungdae/contracts/api-entities.ts';
import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { IconCopy, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { copyText } from '../../ui/copy.ts';
import { ListPanel } from '../../ui/list-panel.tsx';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import type { Column } from '../../ui/rows-table.tsx';
import { roles } from './user-dialog.tsx';

type Token = Awaited<ReturnType<typeof api.tokens>>[number];

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
  const columns: Column<Token>[] = [
    { name: t('tokens.name'), cell: (token) => <strong>{token.name}</strong> },
    { name: t('users.role'), cell: (token) => t(`role.${token.role}`) },
    { name: t('tokens.expires'), nowrap: true, cell: (token) => f.dateTime(token.expiresAt / 1000) },
    {
      name: t('tokens.lastUsed'),
      nowrap: true,
      cell: ({ lastUsedAt: at }) => (
        <span className="muted">{at === null ? t('users.never') : f.dateTime(at / 1000)}</span>
      ),
    },
    {
      name: t('field.actions'),
      bare: true,
      num: true,
      cell: ({ id, name }) => (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => confirm(t('tokens.revokeAsk', { name })) && revoke.mutate(id)}
        >
          {t('tokens.revoke')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <ListPanel
        title={t('users.tokens')}
        list={tokens}
        columns={columns}
        keyOf={(token) => token.id}
        empty={{ title: t('tokens.none'), text: t('tokens.noneText'), action: add }}
        aside={tokens.data?.length ? add : null}
      >
        {revoke.error ? <ErrorBox error={revoke.error} /> : null}
      </ListPanel>
      {making ? <MakeToken close={() => setMaking(false)} /> : null}
    </>
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
