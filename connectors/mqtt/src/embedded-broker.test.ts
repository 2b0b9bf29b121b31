import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { test } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import mqtt from 'mqtt';
import { startEmbeddedBroker } from './embedded-broker.ts';

const settings = {
  port: 0,
  host: '127.0.0.1',
  users: [{ name: 'press', password: 'a long secret' }],
  maxConnections: 3,
};
function connect(port: number, password?: string): Promise<mqtt.MqttClient> {
  const own = password === undefined ? {} : { password };
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { username: 'press', reconnectPeriod: 0, ...own });
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client));
    client.once('error', (error) => client.end(true, () => reject(error)));
  });
}

test('the embedded broker lets nobody in without the password, and carries messages of QoS 1', async () => {
  const broker = await startEmbeddedBroker(settings, silentLogger);
  try {
    await assert.rejects(connect(broker.port), /bad user ?name/i);
    await assert.rejects(connect(broker.port, 'wrong'), /bad user ?name/i);
    const [sender, receiver] = await Promise.all([
      connect(broker.port, 'a long secret'),
      connect(broker.port, 'a long secret'),
    ]);
    const heard = new Promise<string>((resolve) =>
      receiver.on('message', (topic, payload) => resolve(`${topic} ${payload}`)),
    );
    await receiver.subscribeAsync('plant/#', { qos: 1 });
    await sender.publishAsync('plant/temp', '21.5', { qos: 1 });
    assert.equal(await heard, 'plant/temp 21.5');
    await Promise.all([sender.endAsync(true), receiver.endAsync(true)]);
  } finally {
    await broker.stop();
  }
});

test('a taken port is told by its number', async () => {
  const broker = await startEmbeddedBroker(settings, silentLogger);
  try {
    await assert.rejects(
      startEmbeddedBroker({ ...settings, port: broker.port }, silentLogger),
      (error) => error instanceof CodedError && error.code === 'mqtt.brokerPortTaken',
    );
  } finally {
    await broker.stop();
  }
});

test('connections beyond the limit are closed at once', async () => {
  const broker = await startEmbeddedBroker(settings, silentLogger);
  const clients: mqtt.MqttClient[] = [];
  try {
    for (let i = 0; i < 3; i++) clients.push(await connect(broker.port, 'a long secret'));
    const socket = createConnection(broker.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'close');
  } finally {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.stop();
  }
});
