import {
  type Caller,
  type Handlers,
  type Route,
  type RouteCall,
  type RouteId,
  type RouteOutput,
  routes,
} from '@deungdae/contracts/api.ts';

/** Calls a route of the API, as a client would. */
export type Call = <Id extends RouteId>(id: Id, input: Partial<RouteCall<Id>>) => Promise<RouteOutput<Id>>;

/** The demo's people use the same doors and the same checks as everybody, without the network between. */
export function callInProcess(handlers: Handlers, caller: Caller): Call {
  return async (id, input) => {
    const route: Route = routes[id];
    const handler = handlers[id] as ((input: unknown, caller: Caller) => unknown) | undefined;
    if (!handler) throw new Error(`no handler for ${id}`);
    const part = (key: 'params' | 'query' | 'body') => route[key]?.parse(input[key] ?? {});
    return (await handler({ params: part('params'), query: part('query'), body: part('body') }, caller)) as never;
  };
}
