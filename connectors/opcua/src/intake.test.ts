import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '@deungdae/connector-kit/connector.ts';
import { Quality, samplesOf } from '@deungdae/contracts/sample.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import {
  DataChangeNotification,
  DataType,
  DataValue,
  MonitoredItemNotification,
  NotificationMessage,
  StatusCode,
  StatusCodes,
  Variant,
} from 'node-opcua-client';
import { OpcUaConfig } from './config.ts';
import { Intake } from './intake.ts';
import { buildItems, firstHandle } from './item-table.ts';
import type { RawSession } from './raw-session.ts';

const session = {} as RawSession;
const overflow = StatusCode.makeStatusCode(StatusCodes.Good, 'Overflow | InfoTypeDataValue');

function intakeRig(limit: number) {
  const clock = new FakeClock();
  const notices: Notice[] = [];
  const holds: boolean[] = [];
  const config = OpcUaConfig.parse({ endpoint: 'opc.tcp://127.0.0.1:4840' });
  const address = { node: 'nsu=urn:a;s=V', attribute: 'Value' };
  const items = buildItems([{ id: 9, path: 'v', kind: 'number', address }], config);
  const notice = (n: Notice) => void notices.push(n);
  const context = { connectionId: 'c', clock, log: silentLogger, stateDir: '', notice };
  const intake = new Intake(items, context, limit);
  intake.begin((held) => holds.push(held));
  let sequence = 0;
  const take = (value: number, statusCode = StatusCodes.Good as StatusCode) => {
    const sourceTimestamp = new Date(clock.nowUs() / 1000);
    const data = new DataValue({
      value: new Variant({ dataType: DataType.Double, value }),
      statusCode,
      sourceTimestamp,
    });
    const item = new MonitoredItemNotification({ clientHandle: firstHandle, value: data });
    const notificationData = [new DataChangeNotification({ monitoredItems: [item] })];
    intake.take(session, new NotificationMessage({ sequenceNumber: ++sequence, notificationData }), 3);
  };
  return { clock, notices, holds, intake, items, take };
}

test('holds the server back at the limit and lets it go at half of it; the drop that follows is marked', async () => {
  const { clock, notices, holds, intake, take } = intakeRig(10);
  for (let i = 0; i < 10; i++) {
    await clock.advance(10);
    take(i);
  }
  assert.deepEqual(holds, [true]);
  await clock.advance(5000);
  const first = intake.give();
  assert.equal(first.batch.length, 10);
  assert.deepEqual(first.messages[0], { subscription: 3, sequence: 1 });
  assert.deepEqual(holds, [true, false]);
  assert.equal(notices[0]?.code, 'opcua.heldBack');
  const lastUs = first.batch.times[9]!;
  take(100, overflow);
  const [gap, value] = [...samplesOf(intake.give().batch)];
  assert.deepEqual([gap?.time, gap?.quality], [lastUs + 1, Quality.gap]);
  assert.equal(value?.value, 100);
  assert.equal(notices[1]?.code, 'opcua.queueOverflow');
});

test('lost messages are a gap, and the next value ends it although it is old', async () => {
  const { clock, intake, items, take } = intakeRig(1000);
  await clock.advance(1000);
  take(1);
  items[0]!.subscription = 3;
  const [sample] = [...samplesOf(intake.give().batch)];
  await clock.advance(1000);
  intake.markGap(3);
  const resent = new DataValue({
    value: new Variant({ dataType: DataType.Double, value: 1 }),
    sourceTimestamp: new Date(sample!.time / 1000),
  });
  intake.takeRead(items[0]!, resent);
  const after = [...samplesOf(intake.give().batch)];
  assert.deepEqual(
    after.map((s) => [s.time - sample!.time, s.quality]),
    [
      [1, Quality.gap],
      [0, Quality.good],
      [1_000_000, Quality.good],
    ],
  );
});
