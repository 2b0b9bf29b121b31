import type { MasterRecordOut } from '@deungdae/contracts/api-masterdata.ts';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { dayText } from '../../time/day-us.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import './masterdata.css';
import { MasterDrawer } from './master-drawer.tsx';
import { type FieldNames, useFieldNames, useKinds } from './master-queries.ts';

const pageSize = 100;
/** What a person looks for in the list of a kind, beside code and name. */
const mainFields: Record<MasterKind, readonly string[]> = {
  item: ['kind', 'unit', 'spec', 'group'],
  bom: ['item', 'variant', 'quantity', 'lines'],
  routing: ['item', 'variant', 'operations'],
  workCentre: ['machines', 'hourlyCost'],
  tool: ['kind', 'cavities', 'cycleSeconds', 'items'],
  partner: ['roles', 'registration', 'contact'],
  location: ['kind', 'parent'],
  reason: ['tree', 'parent', 'lossClass'],
  inspectionPlan: ['item', 'stage', 'characteristics'],
  skill: ['validMonths'],
  unit: ['ucum', 'base', 'factor'],
  holiday: ['working'],
};

/** Everything that the plant knows before it makes something, one kind at a time. */
export function MasterPage() {
  const t = useText();
  const can = useAbilities();
  const navigate = useNavigate();
  const search = useSearch({ from: '/session/shell/master' });
  const kinds = useKinds();
  const kind = search.kind && search.kind in mainFields ? (search.kind as MasterKind) : 'item';
  const [making, setMaking] = useState(false);
  const open = (code: string | undefined) => void navigate({ to: '/master', search: { kind, code } });
  const kindName = (k: string) => t(`masterdata.kind.${k}` as TextKey);
  return (
    <>
      <PageHead title={t('masterdata.title')}>
        <Button
          component="a"
          variant="default"
          href={api.exportMasterAddress({ kind }, { format: 'xlsx' })}
          leftSection={<IconDownload size={16} />}
        >
          {t('masterdata.export')}
        </Button>
        {can.lead ? (
          <>
            <Button component={Link} to="/master/import" variant="default" leftSection={<IconUpload size={16} />}>
              {t('masterdata.import')}
            </Button>
            <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
              {t('masterdata.add')}
            </Button>
          </>
        ) : null}
      </PageHead>
      {kinds.error ? <ErrorBox error={kinds.error} retry={() => void kinds.refetch()} /> : null}
      <div className="master-columns">
        <nav className="panel master-kinds" aria-label={t('masterdata.kinds')}>
          {(kinds.data ?? []).map((k) => (
            <Link
              key={k.kind}
              to="/master"
              search={{ kind: k.kind }}
              aria-current={k.kind === kind ? 'page' : undefined}
              className={k.kind === kind ? 'on' : undefined}
            >
              <span>{kindName(k.kind)}</span>
              <span className="muted">{k.count.toLocaleString()}</span>
            </Link>
          ))}
        </nav>
        <Select
          className="master-kind-select"
          aria-label={t('masterdata.kinds')}
          allowDeselect={false}
          value={kind}
          onChange={(next) => next && void navigate({ to: '/master', search: { kind: next } })}
          data={(kinds.data ?? []).map((k) => ({ value: k.kind, label: kindName(k.kind) }))}
        />
        <Records key={kind} kind={kind} open={open} make={() => setMaking(true)} />
      </div>
      {making ? <MasterDrawer kind={kind} code={null} close={() => setMaking(false)} /> : null}
      {search.code ? (
        <MasterDrawer key={`${kind} ${search.code}`} kind={kind} code={search.code} close={() => open(undefined)} />
      ) : null}
    </>
  );
}

function Records({ kind, open, make }: { kind: MasterKind; open: (code: string) => void; make: () => void }) {
  const t = useText();
  const can = useAbilities();
  const zone = usePlantZone();
  const names = useFieldNames(kind);
  const [text, setText] = useState('');
  const [words] = useDebouncedValue(text.trim(), 250);
  const found = useInfiniteQuery({
    queryKey: ['master', kind, 'list', words],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.masterRecords(
        { kind },
        { limit: pageSize, ...(words ? { search: words } : {}), ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    getNextPageParam: (last) => (last.more ? last.records.at(-1)?.code : undefined),
  });
  const rows = found.data?.pages.flatMap((page) => page.records) ?? [];
  const fields = mainFields[kind];
  const named = rows.some((r) => typeof r.data.name === 'string');
  return (
    <section className="panel table-scroll master-list">
      <div className="panel-head">
        <TextInput
          aria-label={t('masterdata.search')}
          placeholder={t('masterdata.searchHint')}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          className="master-search"
        />
      </div>
      {found.error ? <ErrorBox error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isLoading ? <LoadingRows /> : null}
      {found.data && rows.length === 0 ? (
        <EmptyState
          title={words ? t('masterdata.noneFound', { words }) : t('masterdata.none')}
          action={
            can.lead && !words ? (
              <>
                <Button component={Link} to="/master/import">
                  {t('masterdata.import')}
                </Button>
                <Button variant="default" onClick={make}>
                  {t('masterdata.add')}
                </Button>
              </>
            ) : null
          }
        >
          {words ? t('masterdata.noneFoundHelp') : t('masterdata.noneHelp')}
        </EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <CardTable>
          <thead>
            <tr>
              <th>{t('masterdata.code')}</th>
              {named ? <th>{t('masterdata.name')}</th> : null}
              {fields.map((field) => (
                <th key={field}>{headOf(field, names, t('masterdata.lineCount'))}</th>
              ))}
              <th>{t('masterdata.revision')}</th>
              <th>{t('masterdata.inForce')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={`${r.code}\n${r.revision}`} className="pick" onClick={() => open(r.code)}>
                <td>
                  <button type="button" className="plain-button link" onClick={() => open(r.code)}>
                    {r.code}
                  </button>
                </td>
                {named ? <td>{String(r.data.name ?? '')}</td> : null}
                {fields.map((field) => (
                  <td key={field} className={typeof r.data[field] === 'number' ? 'num' : undefined}>
                    {shown(r.data[field], field, names)}
                  </td>
                ))}
                <td>{r.revision}</td>
                <td className="nowrap muted">{period(r, zone, t('masterdata.inactive'))}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      ) : null}
      {found.hasNextPage ? (
        <div className="panel-body">
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('masterdata.more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

const lists = ['lines', 'operations', 'characteristics'];

function headOf(field: string, names: FieldNames, count: string): string {
  return lists.includes(field) ? count : names.field(field);
}

function shown(value: unknown, field: string, names: FieldNames): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    if (lists.includes(field)) return String(value.length);
    const some = value.slice(0, 3).map((v) => names.choice(field, String(v)));
    return some.join(', ') + (value.length > 3 ? ` +${value.length - 3}` : '');
  }
  if (typeof value === 'boolean') return value ? 'Y' : 'N';
  if (typeof value === 'number') return value.toLocaleString();
  return field === 'unit' ? unitText(String(value)) : names.choice(field, String(value));
}

function period(r: MasterRecordOut, zone: string, inactive: string): string {
  if (!r.active) return inactive;
  if (r.validFrom === null && r.validTo === null) return '';
  return `${dayText(r.validFrom, zone)} ~ ${dayText(r.validTo, zone)}`;
}
