import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../i18n/i18n.ts';
import { ErrorBox } from './messages.tsx';

/** A dialog with one form: its fields, what went wrong, and one button that sends it. */
export function FormDialog({
  title,
  size,
  close,
  save,
  ready = true,
  submit,
  aside,
  children,
}: {
  title: string;
  size?: number;
  close: () => void;
  /** The change that is sent. */
  save: { mutate: () => void; isPending: boolean; error: unknown };
  /** Whether everything needed is filled in. */
  ready?: boolean;
  /** Words of the button; "save" when left out. */
  submit?: string;
  /** Stands left of the button. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  const t = useText();
  return (
    <Modal opened onClose={close} {...(size ? { size } : {})} title={<strong>{title}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          // A dialog within a page's form must not send that one.
          event.stopPropagation();
          if (ready) save.mutate();
        }}
      >
        {children}
        {save.error ? <ErrorBox error={save.error} /> : null}
        <div className="row wrap">
          {aside}
          <Button className="push" type="submit" loading={save.isPending} disabled={!ready}>
            {submit ?? t('action.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
