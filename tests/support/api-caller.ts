import { type Route, type RouteCall, type RouteId, type RouteOutput, routes } from '@deungdae/contracts/api.ts';

/** Calls a route of a running server over HTTP, as somebody who is signed in. */
export type ApiCaller = <Id extends RouteId>(id: Id, input?: Partial<RouteCall<Id>>) => Promise<RouteOutput<Id>>;

export function apiCaller(url: string, cookie: string): ApiCaller {
  return async (id, input = {}) => {
    const route: Route = routes[id];
    const { params = {}, query = {}, body } = input as Record<string, Record<string, unknown> | undefined>;
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const search = new URLSearchParams(
      Object.entries(query).map(([key, value]) => [key, String(value)] as [string, string]),
    );
    const response = await fetch(`${url}/api${path}?${search}`, {
      method: route.method,
      headers: { cookie, origin: url, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${id}: ${response.status} ${text}`);
    return JSON.parse(text || 'null') as never;
  };
}

/** Signs in, or sets the administrator with the first-run link; gives the session's cookie. */
export async function sessionOf(url: string, path: 'setup' | 'session', body: object): Promise<string> {
  const answer = await fetch(`${url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]!.split(';')[0]!;
}
