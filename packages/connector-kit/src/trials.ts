import { mkdir } from 'node:fs/promises';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { errorCatalogue, toCoded } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { BoundSignal, Connector, ConnectorContext, Proposal } from './connector.ts';
import { kitError } from './errors.ts';
import { type CodedText, codedText, errorText } from './health.ts';
import type { KitLimits } from './limits.ts';
import type { Loader } from './load.ts';
import type { AnyDefinition } from './loop.ts';
import type { FromHost, ToHost, TrialSpec } from './protocol.ts';
import { createRedactor, type Redactor, redactingLogger, secretValues } from './secrets.ts';
import { settled, untilAbort, withDeadline } from './waiting.ts';

type TrialMessage = Extract<ToHost, { type: 'probe' | 'discover' | 'abort' }>;

const proposalsPerMessage = 100;

/** "Test connection" and discovery: things that run once, for a person who waits, and leave nothing behind. */
export function createTrials(options: {
  post: (message: FromHost) => void;
  load: Loader;
  clock: Clock;
  log: Logger;
  limits: KitLimits;
  /** The connector of a connection that is up: its link is used, because device sessions are scarce. */
  live: (id: string) => Connector | null | undefined;
}) {
  const { post, load, clock, log, limits, live } = options;
  const running = new Map<number, AbortController>();

  const prepare = async (spec: TrialSpec) => {
    const definition = await load(spec.type);
    await mkdir(spec.stateDir, { recursive: true, mode: 0o700 });
    const redactor = createRedactor(secretValues(definition.config, spec.config));
    const config = spec.raw ? checked(definition.config, spec.config, 'config') : spec.config;
    const signals: BoundSignal<object>[] = spec.signals.map((s) => ({
      id: s.id,
      path: s.path,
      kind: s.kind,
      ...(s.unit ? { unit: s.unit } : {}),
      address: spec.raw ? checked(definition.address, s.address, s.path) : s.address,
    }));
    const context: ConnectorContext = {
      connectionId: spec.id,
      clock,
      log: redactingLogger(log.child({ connection: spec.id, trial: true }), redactor),
      stateDir: spec.stateDir,
      notice: () => {},
    };
    return { definition, redactor, config, signals, context };
  };

  const probe = async (request: number, spec: TrialSpec, abort: AbortSignal) => {
    let redactor: Redactor = createRedactor([]);
    let own: Connector | null = null;
    try {
      const trial = await prepare(spec);
      redactor = trial.redactor;
      const existing = spec.raw ? null : live(spec.id);
      if (!existing) own = trial.definition.create(trial);
      const report = await untilAbort((existing ?? own!).probe(abort), abort);
      const texts: Record<string, CodedText> = {};
      for (const s of report.signals)
        if (s.error) texts[s.path] = codedText(s.error.code, redactor.params(s.error.params ?? {}), clock.nowUs());
      post({ type: 'probed', request, report, texts, error: null });
    } catch (error) {
      const coded = toCoded(error, 'kit.failed');
      post({ type: 'probed', request, report: null, texts: {}, error: errorText(coded, redactor, clock.nowUs()) });
    } finally {
      if (own) await withDeadline(settled(own.close()), limits.graceMs);
    }
  };

  const discover = async (request: number, spec: TrialSpec, limit: number, abort: AbortSignal) => {
    let redactor: Redactor = createRedactor([]);
    try {
      const trial = await prepare(spec);
      redactor = trial.redactor;
      await browse(trial, spec.type, Math.min(limit, limits.proposals), abort, (items) =>
        post({ type: 'proposals', request, items }),
      );
      post({ type: 'discovered', request, error: null });
    } catch (error) {
      const coded = toCoded(error, 'kit.failed');
      const text = errorCatalogue().get(coded.code);
      post({ type: 'discovered', request, error: errorText(coded, redactor, clock.nowUs()), text });
    }
  };

  const start = (request: number, work: (abort: AbortSignal) => Promise<void>, timeoutMs: number | null) => {
    const controller = new AbortController();
    running.set(request, controller);
    const stopTimer =
      timeoutMs === null
        ? () => {}
        : clock.after(timeoutMs, () => controller.abort(kitError('kit.probeTimeout', { seconds: timeoutMs / 1000 })));
    void work(controller.signal).finally(() => {
      stopTimer();
      running.delete(request);
    });
  };

  return {
    handle(message: TrialMessage): void {
      const { request } = message;
      if (message.type === 'abort') running.get(request)?.abort(kitError('kit.closed'));
      else if (message.type === 'probe')
        start(request, (abort) => probe(request, message.spec, abort), limits.probeTimeoutMs);
      else start(request, (abort) => discover(request, message.spec, message.limit, abort), null);
    },
    close() {
      for (const controller of running.values()) controller.abort(kitError('kit.closed'));
    },
  };
}

async function browse(
  trial: { definition: AnyDefinition; config: object; context: ConnectorContext },
  type: string,
  limit: number,
  abort: AbortSignal,
  onItems: (items: Proposal[]) => void,
): Promise<void> {
  const { definition, config, context } = trial;
  if (!definition.discover) throw kitError('kit.noDiscovery', { type }, { status: 400 });
  const items: Proposal[] = [];
  let found = 0;
  for await (const proposal of definition.discover({ config, context, abort })) {
    abort.throwIfAborted();
    items.push(proposal);
    found++;
    if (items.length >= proposalsPerMessage || found >= limit) onItems(items.splice(0));
    if (found >= limit) break;
  }
  if (items.length > 0) onItems(items);
}

/** Validated settings, or a coded error that names the setting but never its value. */
export function checked(schema: AnyDefinition['config'], value: unknown, what: string): object {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = [what, ...issue.path].join('.');
  throw kitError('kit.badConfig', { detail: `${where}: ${issue.message}` }, { status: 400 });
}
