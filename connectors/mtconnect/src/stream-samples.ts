import { type BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import type { DataItem } from './device-model.ts';
import { addCondition, addMessage, addSetChange, addTimeSeries, addValue, type Target } from './observation.ts';
import type { StreamObservation } from './streams.ts';

/** A signal with the data item that it is bound to. */
export interface ItemTarget extends Target {
  readonly item: DataItem;
}

/** Adds what one observation of a Streams document says. `timeUs` stands in for its own time when it is repeated. */
export function addObservation(b: BatchBuilder, t: ItemTarget, o: StreamObservation, timeUs = o.timeUs): void {
  const a = o.attributes;
  // Quality of the observation itself, from schema 2.3 on.
  const quality =
    a.quality === 'INVALID' ? Quality.bad : a.quality === 'UNVERIFIABLE' ? Quality.uncertain : Quality.good;
  if (o.category === 'CONDITION')
    addCondition(
      b,
      t,
      timeUs,
      o.name.toUpperCase(),
      a.nativeCode ?? '',
      a.nativeSeverity ?? '',
      a.qualifier ?? '',
      o.text,
      quality,
    );
  else if (o.text === 'UNAVAILABLE') addValue(b, t, timeUs, o.text);
  else if (t.set)
    addSetChange(b, t, t.set, timeUs, { entries: o.entries ?? {}, reset: a.resetTriggered ?? null }, quality);
  else if (t.shape === 'timeSeries')
    addTimeSeries(b, t, timeUs, Number(a.sampleRate ?? Number.NaN), o.text, t.item.sampleRateHz ?? 0, quality);
  else if (t.shape === 'message') addMessage(b, t, timeUs, a.nativeCode ?? '', o.text, quality);
  else if (t.kind === 'json' && t.item.type.startsWith('ASSET_'))
    b.addText(t.signal, timeUs, JSON.stringify({ assetId: o.text, type: a.assetType ?? '' }), quality);
  else addValue(b, t, timeUs, o.text, quality);
}

/** Whether repeating the newest value tells something: not of what happened at one moment only. */
export function isState(t: ItemTarget): boolean {
  return (
    t.shape !== 'timeSeries' &&
    t.shape !== 'message' &&
    t.item.representation !== 'DISCRETE' &&
    !t.item.type.startsWith('ASSET_')
  );
}
