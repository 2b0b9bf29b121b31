import type { StockRow } from '@deungdae/contracts/api-inventory.ts';
import { useMemo } from 'react';
import { api } from '../../api/client.generated.ts';
import { unitText } from '../../i18n/units.ts';
import { type ChoiceSource, choiceLimit } from '../../ui/choice-source.ts';

const rowText = (row: StockRow) =>
  `${row.itemName} · ${row.location} ${row.quantity.toLocaleString()} ${unitText(row.unit)}`;

/** Lots with stock, of an item or at a place when one is given; the value is the printed number. */
export function useStockSource({ item, location }: { item?: string; location?: string | null }): ChoiceSource {
  return useMemo(() => {
    const find: ChoiceSource['find'] = async (words, signal) => {
      const rows = await api.stock(
        {
          limit: choiceLimit * 2,
          ...(words === '' ? {} : { search: words.slice(0, 100) }),
          ...(item ? { item } : {}),
          ...(location ? { location } : {}),
        },
        signal ? { signal } : {},
      );
      const lots = new Map(
        rows.flatMap((row) =>
          row.lotNumber === null ? [] : [[row.lotNumber, { value: row.lotNumber, name: rowText(row) }]],
        ),
      );
      return [...lots.values()].slice(0, choiceLimit);
    };
    return {
      key: ['stock', item ?? '', location ?? ''],
      find,
      named: async (values) => values.map((value) => ({ value, name: value })),
      scanned: async (label) => {
        const { lot } = await api.scan({ code: label });
        return lot ? { value: lot.number, name: lot.item } : null;
      },
    };
  }, [item, location]);
}

/** Boxes and pallets that stand in the plant, at a place when one is given. */
export function useContainerSource(location: string | null): ChoiceSource {
  return useMemo(
    () => ({
      key: ['containers', location ?? ''],
      find: async (words, signal) => {
        const rows = await api.containers(
          {
            shipped: 'without',
            limit: choiceLimit,
            ...(words === '' ? {} : { search: words.slice(0, 100) }),
            ...(location ? { location } : {}),
          },
          signal ? { signal } : {},
        );
        return rows.map((row) => ({
          value: row.lot.number,
          name: [row.place, ...row.items.map((i) => `${i.name} ${i.quantity.toLocaleString()}`)].join(' · '),
          code: row.lot.number,
        }));
      },
      named: async (values) => values.map((value) => ({ value, name: value })),
      scanned: async (label) => {
        const { lot } = await api.scan({ code: label });
        return lot?.kind === 'container' ? { value: lot.number, name: lot.number } : null;
      },
    }),
    [location],
  );
}

/** Boxes and lots at a place: all that may go into a container. */
export function useThingSource(location: string | null): ChoiceSource {
  const boxes = useContainerSource(location);
  const lots = useStockSource({ location });
  return useMemo(
    () => ({
      ...lots,
      key: ['things', location ?? ''],
      find: async (words, signal) => {
        const found = await Promise.all([lots.find(words, signal), boxes.find(words, signal)]);
        return found.flat().slice(0, choiceLimit);
      },
    }),
    [boxes, lots, location],
  );
}
