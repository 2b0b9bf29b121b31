import type { User } from '@deungdae/contracts/api-entities.ts';

export interface MockOptions {
  machines: number | null;
  long: boolean;
  role: string;
  fresh: boolean;
}
export interface Input {
  params: Record<string, string>;
  query: Record<string, string>;
  body: Record<string, unknown>;
}
export interface Answer {
  status?: number;
  body?: unknown;
  raw?: string;
}

export const refuse = (status: number, code: string, message: string, advice: string): Answer => ({
  status,
  body: { code, message, advice, params: {} },
});

/** Sessions, users and tokens of the made-up plant. */
export function peopleHandlers(options: MockOptions) {
  let signedIn = !options.fresh;
  let fresh = options.fresh;
  const me: User = {
    id: 'u1',
    name: 'admin',
    displayName: '박관리',
    role: options.role as User['role'],
    language: 'ko',
    active: true,
    createdAt: 1.7e15,
    lastSeenAt: Date.now() * 1000,
  };
  const users: User[] = [
    me,
    { ...me, id: 'u2', name: 'kim', displayName: '김반장', role: 'supervisor' },
    { ...me, id: 'u3', name: 'lee', displayName: '이작업', role: 'operator' },
    { ...me, id: 'u4', name: 'choi', displayName: '최설비', role: 'engineer', active: false, lastSeenAt: null },
  ];
  const handlers = {
    setupState: (): Answer => ({ body: { needed: fresh, demo: true, plant: '한빛 김천공장', version: '0.1.0' } }),
    setup: (): Answer => {
      fresh = false;
      signedIn = true;
      return { body: me };
    },
    signIn: ({ body }: Input): Answer => {
      if (body.password === 'wrong')
        return refuse(
          401,
          'AUTH_WRONG',
          '아이디나 비밀번호가 맞지 않아요.',
          '다시 확인해 주세요. 5번 틀리면 잠시 기다려야 해요.',
        );
      signedIn = true;
      return { body: me };
    },
    signOut: (): Answer => {
      signedIn = false;
      return { body: { ok: true as const } };
    },
    me: (): Answer => (signedIn ? { body: me } : refuse(401, 'AUTH_NEEDED', '로그인이 필요해요.', '로그인하세요.')),
    updateMe: ({ body }: Input): Answer => ({ body: Object.assign(me, body) }),
    users: (): Answer => ({ body: users }),
    createUser: ({ body }: Input): Answer => {
      const user = { ...me, ...body, id: `u${users.length + 1}`, lastSeenAt: null } as User;
      users.push(user);
      return { body: user };
    },
    updateUser: ({ params, body }: Input): Answer => ({
      body: Object.assign(users.find((u) => u.id === params.id)!, body),
    }),
    tokens: (): Answer => ({
      body: [
        {
          id: 't1',
          name: 'ERP 연동',
          role: 'partner',
          createdAt: 1.79e15,
          expiresAt: 1.82e15,
          lastUsedAt: Date.now() * 1000,
        },
      ],
    }),
    createToken: ({ body }: Input): Answer => ({
      body: {
        id: 't2',
        name: String(body.name),
        role: body.role as User['role'],
        createdAt: Date.now() * 1000,
        expiresAt: Date.now() * 1000 + Number(body.days) * 8.64e10,
        lastUsedAt: null,
        token: 'dg_5Wq0t2mJ7xkVb9sLrN3YhC8eUfA1zPdGi6oTB4XyMw',
      },
    }),
    revokeToken: (): Answer => ({ body: { ok: true as const } }),
  };
  return { me, handlers };
}
