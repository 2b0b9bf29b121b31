import { WebSocket } from 'ws';

/** A person or program at the server's doors, signed in as administrator: plain HTTP and the live socket. */
export interface Visitor {
  get<T>(path: string): Promise<T>;
  /** The live socket looking at the given; `onFrame` gets each frame. Ends with the server or with `close`. */
  watch(wants: object, onFrame: (frame: Frame) => void): Promise<{ close(): void }>;
}

export interface Frame {
  at: number;
  machines?: { equipment: string; state: string }[];
  values?: { id: number; time: number; value: number | string | null; quality: string }[];
  connections?: { id: string; status: string; lastError: { code: string } | null }[];
}

const account = { name: 'visitor', password: 'a long pass phrase for tests' };

/** Sets the administrator with the first-run link where there is one, signs in otherwise. */
export async function enter(url: string, setupLink: string): Promise<Visitor> {
  const token = setupLink === '' ? null : new URL(setupLink).searchParams.get('token');
  const [path, body] = token ? ['setup', { ...account, token, displayName: '', language: 'en' }] : ['session', account];
  const answer = await fetch(`${url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  return {
    get: async <T>(what: string) => {
      const response = await fetch(`${url}/api/${what}`, { headers: { cookie } });
      if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    watch: (wants, onFrame) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, { headers: { cookie, origin: url } });
        socket.on('message', (data) => onFrame(JSON.parse(String(data))));
        socket.on('error', reject);
        socket.on('open', () => {
          socket.send(JSON.stringify(wants));
          resolve({ close: () => socket.terminate() });
        });
      }),
  };
}
