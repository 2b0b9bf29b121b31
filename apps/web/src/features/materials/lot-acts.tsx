import type { LotCard } from '@deungdae/contracts/api-inventory.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import { type LotDialogProps, MergeDialog, MoveDialog, SplitDialog } from './lot-dialogs.tsx';
import { PackDialog, UnpackDialog } from './pack-dialogs.tsx';
import { CustomerReturnDialog, LineReturnDialog, SupplierReturnDialog } from './return-dialogs.tsx';

const acts = [
  'move',
  'split',
  'merge',
  'packInto',
  'pack',
  'unpack',
  'toSupplier',
  'fromCustomer',
  'fromLine',
] as const;
type Act = (typeof acts)[number];

/** Whether an act makes sense with a lot or container as it is now. */
export function possible(act: Act, card: LotCard): boolean {
  const { lot, returnable } = card;
  const box = lot.kind === 'container';
  const loose = card.loose.length > 0;
  const here = lot.stock.length > 0;
  switch (act) {
    case 'move':
    case 'pack':
      return box ? here : loose;
    case 'split':
      return loose && lot.kind === 'lot';
    case 'merge':
      return loose && lot.kind === 'lot' && lot.status === 'available';
    case 'packInto':
      return box && (here || card.contents.length === 0);
    case 'unpack':
      return box && here;
    case 'toSupplier':
      return !box && loose;
    case 'fromCustomer':
      return !box && returnable.customers.length > 0;
    case 'fromLine':
      return !box && returnable.runs.length > 0;
  }
}

const dialogs: Record<Act, (props: LotDialogProps) => ReactNode> = {
  move: MoveDialog,
  split: SplitDialog,
  merge: MergeDialog,
  packInto: (props) => <PackDialog {...props} into />,
  pack: (props) => <PackDialog {...props} into={false} />,
  unpack: UnpackDialog,
  toSupplier: SupplierReturnDialog,
  fromCustomer: CustomerReturnDialog,
  fromLine: LineReturnDialog,
};

/** What can be done with a lot or container, each in its own dialog. */
export function LotActs({ card }: { card: LotCard }) {
  const t = useText();
  const navigate = useNavigate();
  const [act, setAct] = useState<Act | null>(null);
  const offered = acts.filter((each) => possible(each, card));
  if (offered.length === 0) return null;
  const Dialog = act === null ? null : dialogs[act];
  const show = (lot: Lot) => void navigate({ to: '/lots/$id', params: { id: lot.id } });
  return (
    <div className="row wrap lot-acts">
      {offered.map((each) => (
        <Button key={each} variant="default" onClick={() => setAct(each)}>
          {t(`inventory.act.${each}`)}
        </Button>
      ))}
      {Dialog ? <Dialog card={card} close={() => setAct(null)} show={show} /> : null}
    </div>
  );
}
