import { kitError } from './errors.ts';
import type { AnyDefinition } from './loop.ts';

/**
 * Where a connector's code is. `module` is a URL (`import.meta.resolve('@deungdae/connector-modbus/connector.ts')`); its
 * default export, or the export named `connector`, is the definition. `definition` itself may be given when connectors
 * run in the main thread (`workers: 0`), which tests and replay do.
 */
export interface ConnectorSource {
  type: string;
  module?: string;
  definition?: AnyDefinition;
}

export type Loader = (type: string) => Promise<AnyDefinition>;

/** Loads each connector once, when it is first asked for. */
export function createLoader(sources: readonly ConnectorSource[]): Loader {
  const loaded = new Map<string, Promise<AnyDefinition>>();
  const load = async (type: string): Promise<AnyDefinition> => {
    const source = sources.find((s) => s.type === type);
    if (!source) throw kitError('kit.unknownType', { type, known: sources.map((s) => s.type).join(', ') });
    if (source.definition) return source.definition;
    if (!source.module) throw kitError('kit.badModule', { type, detail: 'no module given' });
    let exported: { default?: AnyDefinition; connector?: AnyDefinition };
    try {
      exported = await import(source.module);
    } catch (error) {
      throw kitError('kit.badModule', { type, detail: String(error) }, { cause: error });
    }
    const definition = exported.default ?? exported.connector;
    if (typeof definition?.create !== 'function')
      throw kitError('kit.badModule', { type, detail: 'no default export and none named connector' });
    return definition;
  };
  return (type) => {
    let promise = loaded.get(type);
    if (!promise) {
      promise = load(type);
      loaded.set(type, promise);
      // A failed load is tried again at the next attempt.
      promise.catch(() => loaded.delete(type));
    }
    return promise;
  };
}
