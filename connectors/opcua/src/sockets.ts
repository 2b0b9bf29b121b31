import { ClientTCP_transport } from 'node-opcua-transport';

/** Every socket that the library opens for us, so that none can outlive the connection. */
export class Sockets {
  #open = new Set<ClientTCP_transport>();

  create(settings?: ConstructorParameters<typeof ClientTCP_transport>[0]): ClientTCP_transport {
    const transport = new ClientTCP_transport(settings);
    this.#open.add(transport);
    transport.once('close', () => this.#open.delete(transport));
    return transport;
  }

  destroy(): void {
    for (const transport of this.#open) {
      const socket = (transport as unknown as { _socket?: { destroy(): void } | null })._socket;
      socket?.destroy();
    }
    this.#open.clear();
  }
}
