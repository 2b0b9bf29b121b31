import type { LotStatus } from '@deungdae/contracts/lot.ts';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { Button, Select, TextInput } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { useActOn } from '../../ui/use-act.ts';
import './materials.css';

/** Keys of every query of this feature begin so: after a change all of them are asked again. */
export const materialsKey = 'materials';

export const useAct = () => useActOn(materialsKey);

/** A quantity with its unit behind it in a lighter weight: three decimals, six below one; the whole of it under the pointer. */
export function Amount({ value, unit }: { value: number | null; unit?: string }) {
  const f = useFormats();
  const digits = value === null ? 0 : Math.min(Math.abs(value) < 1 ? 6 : 3, (String(value).split('.')[1] ?? '').length);
  return (
    <span className="nowrap" title={value === null || Number.isInteger(value) ? undefined : String(value)}>
      {f.number(value, digits)} {unit ? <span className="unit">{unitText(unit)}</span> : null}
    </span>
  );
}

/** State in words; colour only where something keeps the lot from being used. */
export function LotState({ status }: { status: LotStatus }) {
  const t = useText();
  return <span className={`lot-state ${status}`}>{t(`inventory.status.${status}`)}</span>;
}

export function LotLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link to="/lots/$id" params={{ id }}>
      {children}
    </Link>
  );
}

function useMaster(kind: MasterKind) {
  return useQuery({
    queryKey: ['master', kind, 'choices'],
    queryFn: ({ signal }) => api.masterRecords({ kind }, { limit: 1000 }, { signal }),
    staleTime: 60_000,
  });
}

interface Choice {
  value: string;
  label: string;
  name: string;
  data: Record<string, unknown>;
}

/** Records of a kind as choices, one a code. */
export function useChoices(kind: MasterKind): readonly Choice[] {
  const { data } = useMaster(kind);
  const language = useLanguage();
  return useMemo(() => {
    const byCode = new Map<string, Choice>();
    for (const { code, active, data: fields } of data?.records ?? [])
      if (active) {
        const name = (fields.names as Record<string, string> | undefined)?.[language] ?? String(fields.name);
        byCode.set(code, { value: code, name, label: name === code ? code : `${name} (${code})`, data: fields });
      }
    return [...byCode.values()];
  }, [data, language]);
}

/** Chooses a record of the master data by name or code. */
export function MasterSelect({
  kind,
  value,
  change,
  label,
  required,
  only,
  clearable,
}: {
  kind: MasterKind;
  value: string | null;
  change: (code: string | null) => void;
  label: string;
  required?: boolean;
  clearable?: boolean;
  only?: (data: Record<string, unknown>) => boolean;
}) {
  const t = useText();
  const choices = useChoices(kind);
  const shown = only ? choices.filter((choice) => only(choice.data)) : choices;
  return (
    <Select
      searchable
      className="grow"
      clearable={clearable ?? false}
      required={required ?? false}
      label={label}
      value={value}
      data={shown.map(({ value: code, label: text }) => ({ value: code, label: text }))}
      onChange={change}
      nothingFoundMessage={t('inventory.noChoice')}
    />
  );
}

/** Who supplied it. */
export function SupplierSelect(props: { value: string | null; change: (code: string | null) => void; must?: boolean }) {
  const t = useText();
  return (
    <MasterSelect
      kind="partner"
      {...(props.must ? { required: true } : { clearable: true })}
      label={t('inventory.column.supplier')}
      value={props.value}
      change={props.change}
      only={isSupplier}
    />
  );
}
const isSupplier = (data: Record<string, unknown>) => Array.isArray(data.roles) && data.roles.includes('supplier');

/** A field that a scanner types into: Enter hands the code on, and the field is ready for the next one. */
export function ScanField({
  label,
  onScan,
  busy,
  autoFocus,
}: {
  label: string;
  onScan: (code: string) => Promise<unknown> | unknown;
  busy?: boolean;
  autoFocus?: boolean;
}) {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  return (
    <form
      className="scan-field"
      onSubmit={async (event) => {
        event.preventDefault();
        const text = code.trim();
        if (text === '' || busy) return;
        setCode('');
        await onScan(text);
        input.current?.focus();
      }}
    >
      <TextInput
        ref={input}
        size="lg"
        className="grow"
        autoFocus={autoFocus ?? false}
        autoComplete="off"
        label={label}
        placeholder={t('inventory.scanHint')}
        leftSection={<IconScan size={20} aria-hidden />}
        value={code}
        onChange={(e) => setCode(e.currentTarget.value)}
      />
      <Button size="lg" type="submit" variant="default" loading={busy ?? false}>
        {t('inventory.enter')}
      </Button>
    </form>
  );
}

export const labelAddress = (id: string, format: 'pdf' | 'svg') =>
  `/api/lots/${encodeURIComponent(id)}/label?format=${format}`;
