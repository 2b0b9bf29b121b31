import { unsliced } from '@deungdae/connector-mtconnect/flat-text.ts';
import { BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';

/** Keeps no text that is a window on a whole chunk. */
export class FlatBatchBuilder extends BatchBuilder {
  override addText(signal: number, time: number, value: string, quality: Quality = Quality.good): void {
    super.addText(signal, time, unsliced(value), quality);
  }
}
