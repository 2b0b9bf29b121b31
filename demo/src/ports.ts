/** Ports of the demo's servers; all on 127.0.0.1. The plant file of the demo names the same ones. */
export interface DemoPorts {
  opcUa: number;
  modbus: number;
  mqtt: number;
  mtconnect: number;
}

export const demoPorts: DemoPorts = { opcUa: 48_410, modbus: 15_020, mqtt: 18_830, mtconnect: 15_000 };

/** In the machines' folder: what they said before the first start. Here, because the server must not load the machines. */
export const pastFileName = 'yesterday.ndjson';
