import type { ApiError } from '@deungdae/contracts/api-entities.ts';
import { Button } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';

/**
 * An OPC UA server that nobody has trusted yet: shows its thumbprint to be compared with the machine's own display, and
 * writes it into the settings when the person says that they are the same.
 */
export function TrustCertificate({
  error,
  config,
  trust,
}: {
  error: ApiError | null;
  config: Record<string, unknown>;
  trust: (config: Record<string, unknown>) => void;
}) {
  const t = useText();
  const thumbprint = error?.params.thumbprint;
  if (error?.code !== 'opcua.certificateUnknown' || typeof thumbprint !== 'string') return null;
  const security = (config.security ?? {}) as { trust?: string[] };
  return (
    <section className="trust-box">
      <IconCertificate size={20} aria-hidden />
      <div className="stack">
        <strong>{t('connections.trustTitle')}</strong>
        <code>{(thumbprint.match(/.{1,4}/g) ?? []).join(' ')}</code>
        <p className="small muted">{t('connections.trustHelp')}</p>
        <Button
          variant="default"
          onClick={() =>
            trust({ ...config, security: { ...security, trust: [...(security.trust ?? []), thumbprint] } })
          }
        >
          {t('connections.trust')}
        </Button>
      </div>
    </section>
  );
}
