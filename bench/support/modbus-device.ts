import { createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';

/** A device in a thread of its own that answers every read at once with zeros: the bench measures the client. */
const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    for (let at = 0; at + 12 <= data.length; at += 12) {
      const bytes = data.readUInt16BE(at + 10) * 2;
      const answer = Buffer.alloc(9 + bytes);
      data.copy(answer, 0, at, at + 4);
      answer.writeUInt16BE(3 + bytes, 4);
      answer[6] = data[at + 6]!;
      answer[7] = data[at + 7]!;
      answer[8] = bytes;
      socket.write(answer);
    }
  });
});
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as { port: number }).port));
