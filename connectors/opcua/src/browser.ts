import {
  BrowseDirection,
  type ClientSession,
  NodeClass,
  type NodeId,
  type ReferenceDescription,
} from 'node-opcua-client';

/** One node on the way down from the start. */
export interface Found {
  nodeId: NodeId;
  /** Browse names from the start to here, with their namespace index. */
  path: { name: string; namespace: number }[];
  isVariable: boolean;
  typeDefinition: NodeId | null;
  /** By HasProperty: describes its parent and is no signal of its own. */
  isProperty: boolean;
  parent: Found | null;
  children: Found[];
}

/** This many browse calls are under way at once. */
const parallel = 4;
/** References in one answer; the server continues with BrowseNext. */
const referencesPerNode = 1000;
/** The Server object describes the server, not the machine. */
const serverObject = 'ns=0;i=2253';

/**
 * Children of the given nodes by any hierarchical reference. Batches of `batchSize` nodes, four calls at a time.
 * A node that cannot be browsed has no children; the rest goes on.
 */
export async function browseChildren(
  session: ClientSession,
  nodes: readonly Found[],
  batchSize: number,
  abort: AbortSignal,
): Promise<Found[]> {
  const batches: Found[][] = [];
  for (let i = 0; i < nodes.length; i += batchSize) batches.push(nodes.slice(i, i + batchSize));
  const children: Found[] = [];
  const run = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      abort.throwIfAborted();
      for (const child of await browseBatch(session, batch)) children.push(child);
    }
  };
  await Promise.all(Array.from({ length: parallel }, run));
  return children;
}

async function browseBatch(session: ClientSession, batch: readonly Found[]): Promise<Found[]> {
  const results = await session.browse(
    batch.map(({ nodeId }) => ({
      nodeId,
      referenceTypeId: 'i=33',
      includeSubtypes: true,
      browseDirection: BrowseDirection.Forward,
      nodeClassMask: NodeClass.Object | NodeClass.Variable,
      resultMask: 63,
    })),
  );
  const found: Found[] = [];
  for (const [i, result] of results.entries()) {
    const parent = batch[i]!;
    let references = result.references ?? [];
    let continuation = result.continuationPoint;
    for (;;) {
      for (const reference of references) {
        const child = childOf(parent, reference);
        if (child) found.push(child);
      }
      if (!continuation?.length || parent.children.length >= referencesPerNode * 100) break;
      const next = await session.browseNext(continuation, false);
      references = next.references ?? [];
      continuation = next.continuationPoint;
    }
  }
  return found;
}

function childOf(parent: Found, reference: ReferenceDescription): Found | null {
  if (reference.nodeId.toString() === serverObject) return null;
  const name = reference.browseName.name ?? '';
  const child: Found = {
    nodeId: reference.nodeId,
    path: [...parent.path, { name, namespace: reference.browseName.namespaceIndex }],
    isVariable: reference.nodeClass === NodeClass.Variable,
    typeDefinition: reference.typeDefinition ?? null,
    isProperty: reference.referenceTypeId.toString() === 'ns=0;i=46',
    parent,
    children: [],
  };
  parent.children.push(child);
  return child;
}
