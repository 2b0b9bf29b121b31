import type { OwnerDay, OwnerFigure } from '@deungdae/contracts/owner.ts';
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { FigureTable } from './figure-table.tsx';
import { changeText, isWorse, unitOf, valueText } from './figure-text.ts';
import { Losses } from './losses.tsx';
import './owner.css';
import { RowsDrawer } from './rows-drawer.tsx';

/** The five that stand on top. */
const headline = ['outputValue', 'onTime', 'defectCost', 'downtimeCost', 'stockTurns'] as const;

const shifted = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Did we earn or lose yesterday: one page, in won, that also prints on one sheet. */
export function OwnerPage() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const navigate = useNavigate();
  const search = useSearch({ from: '/session/shell/owner' });
  const asked = search.day && /^\d{4}-\d{2}-\d{2}$/.test(search.day) ? search.day : undefined;
  const change = (next: { day?: string | undefined; rows?: string | undefined }) =>
    void navigate({ to: '/owner', search: (s) => ({ ...s, ...next }) });
  const { data, error, refetch } = useQuery({
    queryKey: ['owner-day', asked],
    queryFn: ({ signal }) => api.ownerDay(asked ? { day: asked } : {}, { signal }),
    refetchInterval: 60_000,
  });
  const day = data?.day ?? asked;
  const open = data?.figures.find((figure) => figure.id === search.rows);
  const exportCsv = (page: OwnerDay) =>
    download(
      `owner-${page.day}.csv`,
      csvText([
        [
          t('owner.column.figure'),
          t('owner.column.value'),
          t('owner.column.plan'),
          t('owner.weekBefore'),
          t('owner.mean'),
          t('owner.column.definition'),
        ],
        ...page.figures.map((x) => [
          t(`owner.figure.${x.id}`),
          x.value,
          x.plan,
          x.weekBefore,
          x.mean,
          t(`owner.definition.${x.id}`),
        ]),
      ]),
    );
  return (
    <div className="owner">
      <PageHead
        title={t('owner.title')}
        lead={
          <span className="owner-day">
            <span className="owner-plant">{plant.name(plant.root)}</span>
            {data ? f.day(data.from / 1000) : ''}
          </span>
        }
      >
        <div className="owner-days">
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t('owner.dayBefore')}
            disabled={!day}
            onClick={() => change({ day: shifted(day!, -1) })}
          >
            <IconChevronLeft size={18} />
          </ActionIcon>
          <TextInput
            type="date"
            aria-label={t('owner.day')}
            value={day ?? ''}
            onChange={(e) => e.currentTarget.value && change({ day: e.currentTarget.value })}
          />
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t('owner.dayAfter')}
            disabled={!data?.over}
            onClick={() => change({ day: shifted(day!, 1) })}
          >
            <IconChevronRight size={18} />
          </ActionIcon>
          {asked ? (
            <Button variant="default" onClick={() => change({ day: undefined })}>
              {t('owner.yesterday')}
            </Button>
          ) : null}
        </div>
        <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => print()}>
          {t('owner.print')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          disabled={!data}
          onClick={() => data && exportCsv(data)}
        >
          CSV
        </Button>
      </PageHead>
      {error && !data ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <LoadingRows rows={10} /> : null}
      {data && !data.begun ? <Begin /> : null}
      {data?.begun ? (
        <div className="stack">
          {data.over ? null : <p className="owner-running">{t('owner.running')}</p>}
          <section className="panel owner-headline" aria-label={t('owner.table')}>
            {headline.map((id) => (
              <Headline key={id} figure={data.figures.find((x) => x.id === id)!} open={() => change({ rows: id })} />
            ))}
          </section>
          <Losses day={data} />
          <FigureTable day={data} open={(id) => change({ rows: id })} />
        </div>
      ) : null}
      {data && open ? <RowsDrawer day={data} figure={open} close={() => change({ rows: undefined })} /> : null}
    </div>
  );
}

function Begin() {
  const t = useText();
  return (
    <section className="panel">
      <EmptyState
        title={t('owner.emptyTitle')}
        action={
          <>
            <Button component={Link} to="/master">
              {t('owner.emptyMaster')}
            </Button>
            <Button variant="default" component={Link} to="/production">
              {t('owner.emptyOrders')}
            </Button>
          </>
        }
      >
        {t('owner.emptyText')}
      </EmptyState>
    </section>
  );
}

/** One large figure against its plan and the same weekday before; pressed, it shows its rows. */
function Headline({ figure, open }: { figure: OwnerFigure; open: () => void }) {
  const t = useText();
  const f = useFormats();
  const { value, plan, unit, weekBefore, better } = figure;
  const unknown = value === null;
  return (
    <button type="button" className="owner-figure" onClick={open}>
      <span className="owner-label">{t(`owner.figure.${figure.id}`)}</span>
      <strong className={unknown ? 'owner-unknown' : ''}>
        {valueText(value, unit, f, t)}
        {unknown ? null : <span className="unit">{unitOf(unit, t)}</span>}
      </strong>
      {plan === null || unknown ? null : (
        <span className={value < plan ? 'owner-bad' : ''}>
          {t('owner.plan', { value: valueText(plan, unit, f, t) })}
          {plan > 0 ? ` · ${t('owner.ofPlan', { share: f.percent(value / plan, 0) })}` : ''}
        </span>
      )}
      {figure.numerator !== null && figure.denominator !== null && unit === 'share' ? (
        <span>{t('owner.fraction', { a: f.number(figure.numerator, 0), b: f.number(figure.denominator, 0) })}</span>
      ) : null}
      {weekBefore === null || unknown ? null : (
        <span className={isWorse(value, weekBefore, better) ? 'owner-bad' : ''}>
          {t('owner.against')} {changeText(value, weekBefore, unit, f, t)}
        </span>
      )}
    </button>
  );
}
