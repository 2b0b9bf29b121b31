import type { AssetOperation } from '../shdr.ts';
import { formatTimeUs } from '../shdr-time.ts';
import { parseXml, type XmlElement } from '../xml.ts';

interface Asset {
  assetId: string;
  type: string;
  deviceUuid: string;
  element: XmlElement;
}

export interface AssetChange {
  assetId: string;
  type: string;
  removed: boolean;
}

/** Assets by id; the oldest goes when the store is full. */
export class AssetStore {
  readonly size: number;
  readonly #assets = new Map<string, Asset>();

  constructor(size: number) {
    this.size = size;
  }

  get count(): number {
    return this.#assets.size;
  }

  find(assetId: string): XmlElement | undefined {
    return this.#assets.get(assetId)?.element;
  }

  /** Newest first. */
  list(options: { type?: string; deviceUuid?: string; count: number }): XmlElement[] {
    return [...this.#assets.values()]
      .reverse()
      .filter(
        (a) =>
          (!options.type || a.type === options.type) && (!options.deviceUuid || a.deviceUuid === options.deviceUuid),
      )
      .slice(0, options.count)
      .map((a) => a.element);
  }

  /** What the operation changed. A document that cannot be read changes nothing. */
  apply(operation: AssetOperation, deviceUuid: string, timeUs: number): AssetChange[] {
    if (operation.kind === 'remove') {
      const asset = this.#assets.get(operation.assetId);
      if (!asset) return [];
      this.#assets.delete(operation.assetId);
      return [{ assetId: asset.assetId, type: asset.type, removed: true }];
    }
    if (operation.kind === 'removeAll') {
      const gone = [...this.#assets.values()].filter(
        (a) => a.deviceUuid === deviceUuid && (operation.type === '' || a.type === operation.type),
      );
      for (const asset of gone) this.#assets.delete(asset.assetId);
      return gone.map(({ assetId, type }) => ({ assetId, type, removed: true }));
    }
    const element = operation.kind === 'update' ? readAsset(operation.document) : this.#patched(operation);
    if (!element) return [];
    const attributes = {
      ...element.attributes,
      assetId: operation.assetId,
      timestamp: formatTimeUs(timeUs),
      deviceUuid,
    };
    this.#assets.delete(operation.assetId);
    this.#assets.set(operation.assetId, {
      assetId: operation.assetId,
      type: element.name,
      deviceUuid,
      element: { ...element, attributes },
    });
    if (this.#assets.size > this.size) this.#assets.delete(this.#assets.keys().next().value!);
    return [{ assetId: operation.assetId, type: element.name, removed: false }];
  }

  /** The asset with the text of the named elements replaced (or an XML fragment in place of its element). */
  #patched(operation: Extract<AssetOperation, { kind: 'patch' }>): XmlElement | null {
    const asset = this.#assets.get(operation.assetId);
    if (!asset) return null;
    const element = structuredClone(asset.element);
    for (const [key, value] of operation.changes) {
      const fragment = key === '' ? readAsset(value) : null;
      const name = fragment?.name ?? key;
      const parent = parentOf(element, name);
      if (!parent) continue;
      const at = parent.children.findIndex((child) => child.name === name);
      if (fragment) parent.children[at] = fragment;
      else parent.children[at]!.text = value;
    }
    return element;
  }
}

function readAsset(document: string): XmlElement | null {
  try {
    return parseXml(document, 1_048_576);
  } catch {
    return null;
  }
}

function parentOf(element: XmlElement, name: string): XmlElement | null {
  if (element.children.some((child) => child.name === name)) return element;
  for (const child of element.children) {
    const found = parentOf(child, name);
    if (found) return found;
  }
  return null;
}
