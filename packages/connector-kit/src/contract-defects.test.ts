import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { freePort } from '@deungdae/testing/free-port.ts';
import type { Connector } from './connector.ts';
import type { ConnectorContract } from './contract.ts';
import { noFalseAck } from './contract-delivery.ts';
import { closesAtAnyMoment } from './contract-life.ts';
import { absentAtStart, connectOverruns, halfOpenLink } from './contract-outage.ts';
import { createStage } from './contract-stage.ts';
import { connector } from './example/line-connector.ts';
import { LineDevice } from './example/line-device.ts';

/** The suite is only worth something if it fails for the defects that shipped elsewhere (protocols.md §0). */

/** The line connector with one thing done wrong. */
function defective(
  spoil: (inner: Connector) => Partial<Connector>,
  config: object = {},
): ConnectorContract<LineDevice> {
  return {
    name: 'defective',
    definition: {
      ...connector,
      create: (options) => {
        const inner = connector.create(options);
        const wrong = spoil(inner);
        return {
          connect: (abort) => inner.connect(abort),
          read: (abort) => inner.read(abort),
          probe: (abort) => inner.probe(abort),
          close: () => inner.close(),
          ...wrong,
        };
      },
    },
    peer: async () => new LineDevice(await freePort(), ['a']),
    config: (port) => ({ host: '127.0.0.1', port, silenceMs: 400, ...config }),
    signals: [{ path: 'plant/line/machine/a', kind: 'number', address: { name: 'a' } }],
    everyChange: true,
    redelivers: true,
    detectMs: 1_500,
    recoverMs: 3_000,
    connectMs: 300,
  };
}

test('a connector that trusts TCP to notice a dead link fails', async () => {
  const contract = defective(() => ({}), { silenceMs: 3_600_000 });
  await assert.rejects(halfOpenLink(createStage(contract)), /the silence to be noticed/);
});

test('a connector that acknowledges what is not stored fails', async () => {
  const contract = defective((inner) => ({
    read: async (abort) => {
      const reading = await inner.read(abort);
      await reading.ack?.();
      return { batch: reading.batch };
    },
  }));
  await assert.rejects(noFalseAck(createStage(contract)), /lost|the values of the peer/);
});

test('a connector that throws sentences instead of coded errors fails', async () => {
  const contract = defective((inner) => ({
    connect: (abort) =>
      inner.connect(abort).catch(() => {
        throw new Error('something went wrong');
      }),
  }));
  await assert.rejects(absentAtStart(createStage(contract)), /not a coded error/);
});

test('a connector that only forgets an attempt that overran fails', async () => {
  const abandoned: Socket[] = [];
  const contract = defective((inner) => {
    let first = true;
    return {
      connect: (abort) => {
        const socket = connect(proxied, '127.0.0.1');
        socket.on('error', () => {});
        abandoned.push(socket);
        if (!first) return inner.connect(abort);
        first = false;
        return new Promise((_, reject) => abort.addEventListener('abort', () => reject(abort.reason)));
      },
    };
  });
  let proxied = 0;
  const plain = contract.config;
  contract.config = (port, peer) => {
    proxied = port;
    return plain(port, peer);
  };
  try {
    await assert.rejects(connectOverruns(createStage(contract)), /abandoned attempt/);
  } finally {
    for (const socket of abandoned) socket.destroy();
  }
});

test('a connector whose close leaves its socket open fails', async () => {
  // Nothing else may close it: on a slow machine the device's silence would end it in time.
  const contract = defective(() => ({ close: async () => {} }), { silenceMs: 10_000 });
  await assert.rejects(closesAtAnyMoment(createStage(contract)), /all handles to be released/);
});
