import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import { actorOf, nameOf } from '@deungdae/kernel/actor.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { once } from '@deungdae/ledger/once.ts';
import { ask } from './asking.ts';
import { changeNonconformity, checkEffectiveness, close, decide, needNonconformity, saveEightD } from './decisions.ts';
import { qualityError } from './errors.ts';
import { gaugeUse } from './gauges.ts';
import { listLimitSamples, saveLimitSample } from './limit-samples.ts';
import { openNonconformity } from './nonconformity.ts';
import { listNonconformities } from './nonconformity-store.ts';
import { dbOf, publicInspection, type QualityParts } from './parts.ts';
import { importQif, linkInspection, previewQif, unlinkedInspections } from './qif-import.ts';
import { type EnteredResult, needInspection, record } from './recording.ts';
import { ocOf, resumeSampling, severityList } from './severity-routes.ts';
import { listCharts, publicChart } from './spc/chart-store.ts';
import { changeChart, chartData, createChart, freezeBaseline } from './spc/charts.ts';
import type { ChartWatch } from './spc/watch.ts';
import { listInspections, recentValues, seriesOf } from './store.ts';
import { findStudy, listStudies, saveStudy } from './studies.ts';
import { readStudyFile } from './study-file.ts';

interface Sources {
  parts: QualityParts;
  watch: ChartWatch;
}

type Run = <T>(work: (tx: LedgerTx, deed: { time: number; actor: Actor }) => Promise<T>, caller: Caller) => Promise<T>;

export function qualityHandlers(sources: Sources): Handlers {
  const { parts } = sources;
  const run: Run = (work, caller) =>
    parts.ledger.transaction((db, emit) =>
      work({ db, emit } as LedgerTx, { time: parts.clock.nowUs(), actor: actorOf(caller) }),
    );
  return {
    ...inspectionHandlers(sources, run),
    ...severityHandlers(parts, run),
    ...nonconformityHandlers(parts, run),
    ...chartHandlers(sources, run),
    ...studyHandlers(parts, run),
  };
}

/** Writes values; a finished inspection moves the charts of its characteristics. */
export async function recordAndJudge(
  { parts, watch }: Sources,
  tx: LedgerTx,
  input: Parameters<typeof record>[2],
): Promise<{ inspection: Awaited<ReturnType<typeof record>>; charts: string[] }> {
  const before = await needInspection(parts, input.inspection, tx);
  const inspection = await record(parts, tx, input);
  const finished = inspection.status === 'done' && before.status !== 'done';
  const series = inspection.characteristics.map((c) => seriesOf(inspection.plan, c.id));
  const until = Math.max(input.time, ...inspection.results.map((r) => r.time ?? 0));
  return { inspection, charts: finished ? await watch.inspected(tx, series, until) : [] };
}

function inspectionHandlers(sources: Sources, run: Run): Handlers {
  const { parts, watch } = sources;
  const enter = async (caller: Caller, input: Omit<Parameters<typeof record>[2], 'time' | 'actor'>) => {
    const { inspection, charts } = await run((tx, deed) => recordAndJudge(sources, tx, { ...input, ...deed }), caller);
    await watch.refresh(charts);
    return inspection;
  };
  return {
    inspections: async ({ query }) => {
      const { status, stage, ...filter } = query;
      const wanted = status === 'waiting' ? ['due', 'open'] : status ? [status] : undefined;
      const found = await listInspections(dbOf(parts), {
        ...filter,
        ...(wanted ? { status: wanted } : {}),
        ...(stage ? { stage: [stage] } : {}),
      });
      return found.map(publicInspection);
    },
    inspection: async ({ params }) => publicInspection(await needInspection(parts, params.id)),
    askInspection: ({ body }, caller) => run((tx, deed) => ask(parts, tx, { ...defined(body), ...deed }), caller),
    recordInspection: ({ params, body }, caller) =>
      enter(caller, { inspection: params.id, ...body, inspector: body.inspector ?? nameOf(caller) }),
    measureBySignal: async ({ params, body }, caller) => {
      const inspection = await needInspection(parts, params.id);
      const results = signalValues(parts, inspection.characteristics, body.sample);
      if (results.length === 0) throw qualityError('quality.noSignal', { number: inspection.number }, { status: 409 });
      return enter(caller, { inspection: params.id, results, finish: false, inspector: nameOf(caller) });
    },
    recentValues: ({ query }) => recentValues(dbOf(parts), seriesOf(query.plan, query.characteristic), query.limit),
    previewQif: ({ body }) => previewQif(parts, body),
    importQif: ({ body }, caller) => run((tx, deed) => importQif(parts, tx, { ...body, ...deed }), caller),
    unlinkedInspections: async ({ query }) => (await unlinkedInspections(parts, query)).map(publicInspection),
    linkInspection: async ({ params, body }, caller) =>
      publicInspection(
        await run((tx, deed) => linkInspection(parts, tx, { inspection: params.id, lot: body.lot, ...deed }), caller),
      ),
    gaugeUse: ({ params, query }) => gaugeUse(parts, { gauge: params.id, ...query }),
  };
}

/** Newest good values of the signals that measure characteristics; one that is silent for longer than it should has none. */
function signalValues(
  parts: QualityParts,
  characteristics: readonly { id: string; signal?: string | undefined }[],
  sample: number,
): EnteredResult[] {
  const { live } = parts;
  if (!live) return [];
  const plant = live.plant();
  return characteristics.flatMap((c) => {
    const signal = c.signal ? plant.signalByPath.get(c.signal) : undefined;
    const newest = signal ? live.history.latest([signal.id])[0] : undefined;
    if (!signal || !newest || typeof newest.value !== 'number' || newest.quality >= Quality.bad) return [];
    const ageMs = (parts.clock.nowUs() - newest.time) / 1000;
    if (signal.staleAfterMs !== null && ageMs > signal.staleAfterMs) return [];
    return [{ characteristic: c.id, sample, value: newest.value, source: 'signal', time: newest.time } as const];
  });
}

function severityHandlers(parts: QualityParts, run: Run): Handlers {
  return {
    severitySeries: ({ query }) => severityList(parts, query),
    resumeSampling: ({ body }, caller) => run((tx, deed) => resumeSampling(parts, tx, body, deed), caller),
    samplingPlan: ({ query }) => ocOf(query),
  };
}

function nonconformityHandlers(parts: QualityParts, run: Run): Handlers {
  return {
    nonconformities: ({ query }) => listNonconformities(dbOf(parts), query),
    nonconformity: ({ params }) => needNonconformity(parts, params.id),
    openNonconformity: ({ body }, caller) =>
      run(async (tx, deed) => {
        const { entryId, ...input } = defined(body);
        const { id } = await once(tx, entryId, () => openNonconformity(parts, tx, { ...input, ...deed }), {
          ...{ kind: 'quality.nonconformity', timeUs: deed.time },
        });
        return needNonconformity(parts, id, tx);
      }, caller),
    changeNonconformity: ({ params, body }, caller) =>
      run((tx, deed) => changeNonconformity(parts, tx, params.id, body, { ...deed, caller }), caller),
    decideNonconformity: ({ params, body }, caller) =>
      run((tx, deed) => decide(parts, tx, { id: params.id, ...body, ...deed, caller }), caller),
    saveEightD: ({ params, body }, caller) =>
      run((tx, deed) => saveEightD(parts, tx, params.id, body, { ...deed, caller }), caller),
    checkEffectiveness: ({ params, body }, caller) =>
      run((tx, deed) => checkEffectiveness(parts, tx, params.id, body, { ...deed, caller }), caller),
    closeNonconformity: ({ params }, caller) =>
      run((tx, deed) => close(parts, tx, params.id, { ...deed, caller }), caller),
    limitSamples: ({ query }) => listLimitSamples(parts, query, parts.clock.nowUs()),
    saveLimitSample: ({ body }, caller) =>
      run((tx, deed) => saveLimitSample(parts, tx, body, { ...deed, name: nameOf(caller) }), caller),
  };
}

function chartHandlers({ parts, watch }: Sources, run: Run): Handlers {
  const changing = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await watch.reload();
    return done;
  };
  return {
    spcCharts: async ({ query }) => (await listCharts(dbOf(parts), query)).map(publicChart),
    createChart: ({ body }, caller) =>
      changing(run((tx, deed) => createChart(parts, tx, body, { ...deed, name: nameOf(caller) }), caller)),
    changeChart: ({ params, body }, caller) =>
      changing(run((tx, deed) => changeChart(parts, tx, params.id, body, { ...deed, name: nameOf(caller) }), caller)),
    freezeBaseline: ({ params, body }, caller) =>
      changing(
        run((tx, deed) => freezeBaseline(parts, tx, params.id, body, { ...deed, name: nameOf(caller) }), caller),
      ),
    chartData: ({ params, query }) => chartData(parts, params.id, query),
  };
}

function studyHandlers(parts: QualityParts, run: Run): Handlers {
  return {
    studies: ({ query }) => listStudies(parts, query.gauge, query.limit),
    study: ({ params }) => findStudy(parts, params.id),
    saveStudy: ({ body }, caller) =>
      run((tx, deed) => saveStudy(parts, tx, body, { ...deed, name: nameOf(caller) }), caller),
    readStudyFile: async ({ params, query, body }, caller) =>
      readStudyFile(body, { ...query, study: await findStudy(parts, params.id), language: caller.language }),
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
/** Without keys whose value is undefined. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;
}
