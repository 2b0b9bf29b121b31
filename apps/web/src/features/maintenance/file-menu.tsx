import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';

/** A list as Excel or CSV, as the server writes it: all rows, not only those on the screen. */
export function FileMenu({ address }: { address: (format: 'csv' | 'xlsx') => string }) {
  const t = useText();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          {t('action.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={address('xlsx')} download>
          Excel
        </Menu.Item>
        <Menu.Item component="a" href={address('csv')} download>
          CSV
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
