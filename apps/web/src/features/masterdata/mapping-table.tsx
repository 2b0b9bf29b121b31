import type { ImportMapping } from '@deungdae/contracts/api-masterdata.ts';
import { Select, TextInput } from '@mantine/core';
import type { api } from '../../api/client.generated.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import type { ImportTarget } from './master-queries.ts';

export type SheetLook = Awaited<ReturnType<typeof api.importSheet>>;

/** Each column of the sheet with its first values, and what it means; below it what no column gives. */
export function MappingTable({
  look,
  target,
  mapping,
  onChange,
}: {
  look: SheetLook;
  target: ImportTarget;
  mapping: ImportMapping;
  onChange: (mapping: ImportMapping) => void;
}) {
  const t = useText();
  const language = useLanguage() === 'ko' ? 'ko' : 'en';
  const body = look.head.filter((r) => r.row > look.header.bottom);
  const used = new Set(Object.values(mapping.columns));
  const free = target.columns.filter((c) => !used.has(c.id));
  const asked = free.filter((c) => c.required || mapping.constants[c.id] !== undefined || c.choices.length > 0);
  const label = (c: ImportTarget['columns'][number]) => `${c.name[language]}${c.required ? ' *' : ''}`;
  const match = (index: number, id: string | null) => {
    const { [index]: _, ...rest } = mapping.columns;
    onChange({ ...mapping, columns: id === null ? rest : { ...rest, [index]: id } });
  };
  const fix = (id: string, value: string) => {
    const { [id]: _, ...rest } = mapping.constants;
    onChange({ ...mapping, constants: value === '' ? rest : { ...rest, [id]: value } });
  };
  return (
    <>
      <div className="table-scroll">
        <table className="grid mapping-table">
          <thead>
            <tr>
              <th>{t('masterdata.column')}</th>
              <th>{t('masterdata.means')}</th>
              <th>{t('masterdata.firstValues')}</th>
            </tr>
          </thead>
          <tbody>
            {look.columns.map((c) => (
              <tr key={c.index}>
                <td>
                  <span className="muted column-letter">{c.letter}</span> {c.name}
                </td>
                <td>
                  <Select
                    aria-label={t('masterdata.meaningOf', { column: c.name })}
                    placeholder={t('masterdata.notImported')}
                    clearable
                    searchable
                    value={mapping.columns[c.index] ?? null}
                    onChange={(id) => match(c.index, id)}
                    data={target.columns
                      .filter((x) => x.many || !used.has(x.id) || mapping.columns[c.index] === x.id)
                      .map((x) => ({ value: x.id, label: label(x) }))}
                  />
                </td>
                <td className="muted small one-line sample">
                  {body
                    .map((r) => r.cells[c.index] ?? '')
                    .filter(Boolean)
                    .slice(0, 4)
                    .join(' · ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asked.length > 0 ? (
        <div className="panel-body stack">
          <h3>{t('masterdata.constants')}</h3>
          <div className="master-fields">
            {asked.map((c) =>
              c.choices.length > 0 ? (
                <Select
                  key={c.id}
                  label={c.name[language]}
                  required={c.required}
                  clearable={!c.required}
                  value={mapping.constants[c.id] ?? null}
                  onChange={(value) => fix(c.id, value ?? '')}
                  data={c.choices.map((x) => ({ value: x.value, label: x.name[language] }))}
                />
              ) : (
                <TextInput
                  key={c.id}
                  label={c.name[language]}
                  required={c.required}
                  value={mapping.constants[c.id] ?? ''}
                  onChange={(e) => fix(c.id, e.currentTarget.value)}
                />
              ),
            )}
          </div>
        </div>
      ) : null}
    </>
  );
}
