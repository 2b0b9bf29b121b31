import type { ClientSession } from 'node-opcua-client';

/** What the server takes in one call (Part 5 §6.3.11 OperationLimits), bounded by what we send at most. */
export interface ServerLimits {
  itemsPerCall: number;
  nodesPerRead: number;
  nodesPerBrowse: number;
}

/** More than this in one call is never sent, whatever the server allows. */
const ours = 2000;

export async function readServerLimits(session: ClientSession, maxItemsPerCall: number): Promise<ServerLimits> {
  // MaxMonitoredItemsPerCall, MaxNodesPerRead, MaxNodesPerBrowse; 0 and "not there" both mean no limit.
  const values = await session.read(
    [11714, 11705, 11710].map((i) => ({ nodeId: `i=${i}`, attributeId: 13 })),
    0,
  );
  const [items, read, browse] = values.map((v) => (typeof v.value?.value === 'number' ? v.value.value : 0) || ours);
  return {
    itemsPerCall: Math.min(items!, maxItemsPerCall),
    nodesPerRead: Math.min(read!, ours),
    nodesPerBrowse: Math.min(browse!, 500),
  };
}
