import type { Supervisor } from '@deungdae/connector-kit/supervisor.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { DiscoveryProposal } from '@deungdae/contracts/api-entities.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { z } from 'zod';
import { apiError } from '../api-error.ts';
import { serverError } from '../errors.ts';
import type { PlantHost } from '../plant-host.ts';

const discoverMs = 45_000;

export function connectionHandlers(deps: {
  supervisor: Supervisor;
  host: PlantHost;
  /** Settings with their secrets read in. */
  secrets: (type: string, config: Record<string, unknown>, where: string) => Record<string, unknown>;
}): Handlers {
  const { supervisor, host } = deps;
  const schema = (type: z.ZodType) =>
    z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return {
    connections: (_input, caller) => supervisor.health(caller.language),
    connectors: () =>
      host.connectors.map((c) => ({
        type: c.type,
        config: schema(c.config),
        address: schema(c.address),
        discovers: c.type !== 'file',
      })),
    testConnection: ({ body }, caller) =>
      supervisor.probeConfig(body.type, deps.secrets(body.type, body.config, 'test'), [], caller.language),
    testExisting({ params }, caller) {
      if (!host.model.connections.has(params.id))
        throw serverError('server.unknownConnection', { id: params.id }, { status: 404 });
      return supervisor.probe(params.id, caller.language);
    },
    async discover({ body }, caller) {
      const target = body.connection
        ? { connectionId: body.connection }
        : { type: body.type ?? '', config: deps.secrets(body.type ?? '', body.config ?? {}, 'discovery') };
      const proposals: DiscoveryProposal[] = [];
      try {
        for await (const p of supervisor.discover(target, {
          limit: body.limit,
          abort: AbortSignal.timeout(discoverMs),
        })) {
          proposals.push({ ...p, unit: p.unit ?? null, value: p.value ?? null });
        }
        return { proposals, truncated: proposals.length >= body.limit, error: null };
      } catch (error) {
        // What was found before the fault is still worth seeing.
        if (error instanceof CodedError)
          return { proposals, truncated: false, error: apiError(error, caller.language) };
        throw error;
      }
    },
  };
}
