import { Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { IconChevronDown, IconLogout } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/client.generated.ts';
import { configureHttp } from '../api/http.ts';
import { meQuery, queryClient } from '../api/queries.ts';
import { type Language, languages, setLanguage, useLanguage, useText } from '../i18n/i18n.ts';
import { useMe } from './me.ts';
import type { NavEntry } from './nav.ts';

export function UserMenu({ entries }: { entries: readonly NavEntry[] }) {
  const t = useText();
  const me = useMe();
  const navigate = useNavigate();
  const signOut = async () => {
    await api.signOut().catch(() => {});
    queryClient.clear();
    await navigate({ to: '/sign-in', search: {} });
  };
  return (
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <button type="button" className="plain-button user-button row">
          <span className="one-line">{me.displayName || me.name}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t(`role.${me.role}`)}</Menu.Label>
        {entries.map((entry) => (
          <Menu.Item key={entry.to} component={Link} to={entry.to} leftSection={<entry.icon size={16} />}>
            {t(entry.text)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <div style={{ padding: '4px 8px', display: 'grid', gap: 8 }}>
          <LanguageSwitch />
          <ColourSwitch />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('auth.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function LanguageSwitch() {
  const t = useText();
  const language = useLanguage();
  const choose = async (value: string) => {
    await setLanguage(value as Language);
    configureHttp({ language: value });
    if (queryClient.getQueryData(meQuery.queryKey)) await api.updateMe({ language: value }).catch(() => {});
    await queryClient.invalidateQueries();
  };
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t('settings.language')}
      value={language}
      onChange={(value) => void choose(value)}
      data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
    />
  );
}

export function ColourSwitch() {
  const t = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t('settings.colours')}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: 'light', label: t('settings.light') },
        { value: 'dark', label: t('settings.dark') },
        { value: 'auto', label: t('settings.auto') },
      ]}
    />
  );
}
