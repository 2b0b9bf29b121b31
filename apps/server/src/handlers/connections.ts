import type { Supervisor } from '@deungdae/connector-kit/supervisor.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import { toCoded } from '@deungdae/kernel/errors.ts';
import { z } from 'zod';
import { apiError } from '../api-error.ts';
import { serverError } from '../errors.ts';
import type { PlantHost } from '../plant-host.ts';

const probeMs = 15_000;
const discoverMs = 45_000;

export function connectionHandlers(deps: {
  supervisor: Supervisor;
  host: PlantHost;
  discovers: (type: string) => boolean;
}): Handlers {
  const { supervisor, host } = deps;
  const known = (id: string) => {
    if (!host.model.connections.has(id)) throw serverError('server.unknownConnection', { id }, { status: 404 });
  };
  const schema = (type: z.ZodType) =>
    z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return {
    connections: () => supervisor.health(),
    connectors: () =>
      host.connectors.map((c) => ({
        type: c.type,
        config: schema(c.config),
        address: schema(c.address),
        discovers: deps.discovers(c.type),
      })),
    testConnection: ({ body }, caller) =>
      probed(() => supervisor.probeConfig(body.type, body.config, AbortSignal.timeout(probeMs)), caller.language),
    testExisting({ params }, caller) {
      known(params.id);
      return probed(() => supervisor.probe(params.id, AbortSignal.timeout(probeMs)), caller.language);
    },
    async discover({ body }, caller) {
      if (body.connection) known(body.connection);
      try {
        const target = body.connection
          ? { connectionId: body.connection }
          : { type: body.type ?? '', config: body.config ?? {} };
        const proposals = await supervisor.discover(target, body.limit, AbortSignal.timeout(discoverMs));
        return {
          proposals: proposals.map((p) => ({ ...p, unit: p.unit ?? null, value: p.value ?? null })),
          truncated: proposals.length >= body.limit,
          error: null,
        };
      } catch (error) {
        return {
          proposals: [],
          truncated: false,
          error: apiError(toCoded(error, 'server.internal', { id: '-' }), caller.language),
        };
      }
    },
  };
}

type Report = Awaited<ReturnType<Supervisor['probe']>>;

async function probed(probe: () => Promise<Report>, language: string) {
  try {
    const report = await probe();
    const signals = report.signals.map((s) => ({
      path: s.path,
      value: s.value ?? null,
      error: s.error ? `${s.error.code}` : null,
    }));
    return { ok: true, device: report.device, roundTripMs: report.roundTripMs, error: null, signals };
  } catch (error) {
    return {
      ok: false,
      device: '',
      roundTripMs: 0,
      error: apiError(toCoded(error, 'server.internal', { id: '-' }), language),
      signals: [],
    };
  }
}
