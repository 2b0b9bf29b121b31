import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SignalCatalogue } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { type ConnectorSchemas, type PlantProblem, readPlantText } from '@deungdae/kernel/plant-file.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { resolvePlant } from '@deungdae/kernel/plant-resolve.ts';
import { watchPlantFile } from '@deungdae/kernel/plant-watch.ts';
import { serverError } from './errors.ts';

export interface PlantChanges {
  connectionsAdded: string[];
  connectionsChanged: string[];
  connectionsRemoved: string[];
  signalsAdded: number;
  signalsRemoved: number;
}

/**
 * Holds the running plant and its file. Whatever comes, from the UI or an editor: a file with a problem is refused
 * whole, the problem is told, and the plant stays on the last good one.
 */
export class PlantHost {
  readonly file: string;
  #text = '';
  #model!: PlantModel;
  #problems: PlantProblem[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #stopWatching: (() => void) | null = null;
  readonly #connectors: readonly ConnectorSchemas[];
  readonly #catalogue: SignalCatalogue;
  readonly #clock: Clock;
  readonly #log: Logger;
  #use: ((model: PlantModel) => Promise<void>) | null = null;

  constructor(options: {
    file: string;
    connectors: readonly ConnectorSchemas[];
    catalogue: SignalCatalogue;
    clock: Clock;
    log: Logger;
  }) {
    this.file = options.file;
    this.#connectors = options.connectors;
    this.#catalogue = options.catalogue;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  get model(): PlantModel {
    return this.#model;
  }
  get text(): string {
    return this.#text;
  }
  /** Problems of the file as it stands on disk, while the plant runs on an earlier one. */
  get problems(): PlantProblem[] {
    return this.#problems;
  }
  get connectors(): readonly ConnectorSchemas[] {
    return this.#connectors;
  }

  /** First reading. Throws with every problem in the log when the file cannot be used. */
  async load(language: string): Promise<PlantModel> {
    if (!existsSync(this.file)) throw serverError('server.plantFileMissing', { file: this.file });
    const text = await readFile(this.file, 'utf8');
    const { plant, problems } = this.check(text, language);
    if (!plant) {
      this.#problems = problems;
      throw serverError('server.plantFileBad', { count: problems.length });
    }
    this.#model = await resolvePlant(plant, text, this.#catalogue);
    this.#text = text;
    return this.#model;
  }

  check(text: string, language: string) {
    return readPlantText(text, { fileName: basename(this.file), connectors: this.#connectors, language });
  }

  /** What would change if this text were used; null when it has problems. */
  async changes(text: string): Promise<PlantChanges | null> {
    const { plant } = this.check(text, 'en');
    if (!plant) return null;
    // Unknown paths get ids that stand for nothing: a look must not write to the catalogue.
    const idsOf = async (paths: readonly string[]) =>
      new Map(paths.map((path, i) => [path, this.#model.signalByPath.get(path)?.id ?? -1 - i]));
    return changesBetween(this.#model, await resolvePlant(plant, text, { idsOf }));
  }

  /**
   * From now on `use` is called with each new plant, and the file is watched; `onEdited` is told of each change that
   * came through the file and not through `save`.
   */
  run(
    use: (model: PlantModel) => Promise<void>,
    onEdited: (before: string, after: string) => Promise<void> = async () => {},
  ): void {
    this.#use = use;
    const adopt = (text: string) => {
      this.#inTurn(async () => {
        // While this waited for its turn a saving may have replaced the file: the older text must not come back.
        if ((await readFile(this.file, 'utf8').catch(() => text)) !== text) return;
        const before = this.#model.revision;
        await this.#adopt(text);
        if (this.#model.revision !== before) await onEdited(before, this.#model.revision);
      }).catch((error) => this.#log.error({ err: error, file: this.file }, 'plant file not adopted'));
    };
    this.#stopWatching = watchPlantFile(this.file, adopt, {
      clock: this.#clock,
      log: this.#log,
      revision: this.#model.revision,
    });
  }

  /** Saves and uses a text from the UI. Throws when it has a problem or when the file changed since `revision`. */
  save(text: string, revision: string, language: string): Promise<string> {
    return this.#inTurn(async () => {
      if (revision !== this.#model.revision) throw serverError('server.plantFileChanged', {}, { status: 409 });
      const { plant, problems } = this.check(text, language);
      if (!plant) {
        const first = problems[0]!;
        throw serverError(
          'server.plantFileRefused',
          { count: problems.length, line: first.line, first: first.message },
          { status: 422 },
        );
      }
      await writeWhole(this.file, text);
      await this.#adopt(text);
      return this.#model.revision;
    });
  }

  close(): void {
    this.#stopWatching?.();
  }

  async #adopt(text: string): Promise<void> {
    if (text === this.#text) {
      this.#problems = [];
      return;
    }
    const { plant, problems } = this.check(text, 'ko');
    this.#problems = problems;
    if (!plant) {
      this.#log.warn(
        { file: this.file, problems: problems.length, line: problems[0]?.line, problem: problems[0]?.message },
        'plant file refused; the plant stays on the last good one',
      );
      return;
    }
    const model = await resolvePlant(plant, text, this.#catalogue);
    const changes = changesBetween(this.#model, model);
    this.#model = model;
    this.#text = text;
    await this.#use?.(model);
    this.#log.info({ file: this.file, ...changes }, 'plant file in use');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

export function changesBetween(before: PlantModel, after: PlantModel): PlantChanges {
  const old = before.connections;
  const now = after.connections;
  const added = [...after.signalByPath.keys()].filter((path) => !before.signalByPath.has(path));
  const removed = [...before.signalByPath.keys()].filter((path) => !after.signalByPath.has(path));
  return {
    connectionsAdded: [...now.keys()].filter((id) => !old.has(id)),
    connectionsRemoved: [...old.keys()].filter((id) => !now.has(id)),
    // Signal ids do not belong to what a person would call a change of the connection.
    connectionsChanged: [...now.keys()].filter((id) => old.has(id) && summary(old.get(id)!) !== summary(now.get(id)!)),
    signalsAdded: added.length,
    signalsRemoved: removed.length,
  };
}

function summary(connection: PlantModel['connections'] extends ReadonlyMap<string, infer C> ? C : never): string {
  const signals = connection.signals.map((s) => [s.path, s.address, s.scale, s.deadband]);
  return createHash('sha256')
    .update(JSON.stringify([connection.type, connection.enabled, connection.config, signals]))
    .digest('hex');
}

/** Whole or not at all, also when the plug is pulled: beside it, synced, then renamed over it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const beside = join(dirname(file), `.${basename(file)}.new`);
  // It may hold passwords: who could not read it before must not after.
  const mode = (await stat(file).catch(() => null))?.mode ?? 0o600;
  await rm(beside, { force: true });
  const handle = await open(beside, 'wx', mode & 0o777);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
}
