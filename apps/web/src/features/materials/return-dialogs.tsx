import { Select, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ActDialog, QuantityField, within } from './act-dialog.tsx';
import { MasterSelect, SupplierSelect, useChoices } from './common.tsx';
import { type LotDialogProps, PlaceSelect } from './lot-dialogs.tsx';

/** Goods go back to who supplied them. */
export function SupplierReturnDialog({ card, close }: LotDialogProps) {
  const t = useText();
  const { lot } = card;
  const places = card.loose;
  const [location, setLocation] = useState<string | null>(places[0]?.location ?? null);
  const most = places.find((p) => p.location === location)?.quantity ?? 0;
  const [quantity, setQuantity] = useState<number | string>(most);
  const [supplier, setSupplier] = useState<string | null>(lot.supplier);
  const [paper, setPaper] = useState('');
  return (
    <ActDialog
      title={t('inventory.toSupplierOf', { lot: lot.number })}
      submit={t('inventory.toSupplier')}
      help={t('inventory.toSupplierHelp')}
      reason="must"
      ready={location !== null && supplier !== null && within(quantity, most)}
      send={({ reason, ...entry }) =>
        api.returnToSupplier({
          ...{ ...entry, lot: lot.id, location: location ?? '', quantity: Number(quantity) },
          ...{ supplier: supplier ?? '', reason: reason ?? '' },
          ...(paper.trim() === '' ? {} : { reference: paper.trim() }),
        })
      }
      done={() => t('inventory.done.toSupplier')}
      close={close}
    >
      <div className="row wrap act-fields">
        <PlaceSelect
          label={t('inventory.from')}
          places={places}
          unit={lot.unit}
          value={location}
          change={(place) => {
            setLocation(place);
            setQuantity(places.find((p) => p.location === place)?.quantity ?? '');
          }}
        />
        <QuantityField unit={lot.unit} most={most} value={quantity} change={setQuantity} />
      </div>
      <div className="row wrap act-fields">
        <SupplierSelect must value={supplier} change={setSupplier} />
        <TextInput
          className="grow"
          maxLength={200}
          label={t('inventory.returnPaper')}
          value={paper}
          onChange={(e) => setPaper(e.currentTarget.value)}
        />
      </div>
    </ActDialog>
  );
}

/** Goods that a customer sends back; they wait for an inspection. */
export function CustomerReturnDialog({ card, close }: LotDialogProps) {
  const t = useText();
  const { lot, returnable } = card;
  const partners = useChoices('partner');
  const places = useChoices('location');
  const [customer, setCustomer] = useState<string | null>(returnable.customers[0]?.customer ?? null);
  const most = returnable.customers.find((c) => c.customer === customer)?.quantity ?? 0;
  const [quantity, setQuantity] = useState<number | string>('');
  const [chosen, setLocation] = useState<string | null>(null);
  const location = chosen ?? places.find((p) => p.data.kind === 'quarantine')?.value ?? null;
  return (
    <ActDialog
      title={t('inventory.fromCustomerOf', { lot: lot.number })}
      submit={t('inventory.fromCustomer')}
      help={t('inventory.fromCustomerHelp')}
      reason="must"
      ready={customer !== null && location !== null && within(quantity, most)}
      send={(entry) =>
        api.returnStock({
          ...{ ...entry, lot: lot.id, location: location ?? '' },
          ...{ quantity: Number(quantity), customer: customer ?? '' },
        })
      }
      done={() => t('inventory.done.fromCustomer')}
      close={close}
    >
      <Select
        required
        allowDeselect={false}
        label={t('inventory.column.customer')}
        value={customer}
        onChange={setCustomer}
        data={returnable.customers.map((c) => ({
          value: c.customer,
          label: partners.find((p) => p.value === c.customer)?.label ?? c.customer,
        }))}
      />
      <div className="row wrap act-fields">
        <QuantityField unit={lot.unit} most={most} value={quantity} change={setQuantity} />
        <MasterSelect kind="location" required label={t('inventory.to')} value={location} change={setLocation} />
      </div>
    </ActDialog>
  );
}

/** Runs whose name is asked for; older ones stand by their id. */
const namedRuns = 20;

/** Material that the line did not use comes back to the store. */
export function LineReturnDialog({ card, close }: LotDialogProps) {
  const t = useText();
  const { lot, returnable } = card;
  const names = useRunNames(returnable.runs.flatMap((r) => (r.run === null ? [] : [r.run])));
  const [at, setAt] = useState('0');
  const taken = returnable.runs[Number(at)];
  const [quantity, setQuantity] = useState<number | string>('');
  const [location, setLocation] = useState<string | null>(lot.stock[0]?.location ?? null);
  return (
    <ActDialog
      title={t('inventory.fromLineOf', { lot: lot.number })}
      submit={t('inventory.fromLine')}
      help={t('inventory.fromLineHelp')}
      ready={location !== null && within(quantity, taken?.quantity ?? 0)}
      send={(entry) =>
        api.returnStock({
          ...{ ...entry, lot: lot.id, location: location ?? '', quantity: Number(quantity) },
          ...(taken?.run ? { run: taken.run } : {}),
        })
      }
      done={() => t('inventory.done.fromLine')}
      close={close}
    >
      <Select
        required
        allowDeselect={false}
        label={t('inventory.takenBy')}
        value={at}
        onChange={(value) => setAt(value ?? '0')}
        data={returnable.runs.map((r, i) => ({
          value: String(i),
          label: r.run === null ? t('inventory.withoutRun') : (names.get(r.run) ?? r.run),
        }))}
      />
      <div className="row wrap act-fields">
        <QuantityField unit={lot.unit} most={taken?.quantity} value={quantity} change={setQuantity} />
        <MasterSelect kind="location" required label={t('inventory.to')} value={location} change={setLocation} />
      </div>
    </ActDialog>
  );
}

/** Order, machine and begin of runs. */
function useRunNames(runs: readonly string[]): ReadonlyMap<string, string> {
  const f = useFormats();
  const plant = usePlantIndex();
  return useQueries({
    queries: runs.slice(0, namedRuns).map((id) => ({
      queryKey: ['production', 'run', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.run({ id }, { signal }),
      staleTime: 60_000,
    })),
    combine: (results) =>
      new Map(
        results.flatMap(({ data: run }) =>
          run
            ? [[run.id, `${run.workOrderNumber} · ${plant.name(run.machine)} · ${f.dateTime(run.startedAt / 1000)}`]]
            : [],
        ),
      ),
  });
}
