import type { Migration } from '@deungdae/ledger/ledger.ts';

export interface IdentityTables {
  users: {
    id: string;
    name: string;
    display_name: string;
    role: string;
    language: string;
    active: number;
    password_hash: string;
    created_at: number;
    last_seen_at: number | null;
  };
  sessions: { key_hash: string; user_id: string; created_at: number; last_seen_at: number };
  tokens: {
    id: string;
    name: string;
    role: string;
    key_hash: string;
    created_at: number;
    expires_at: number;
    last_used_at: number | null;
    revoked_at: number | null;
    created_by: string;
  };
  devices: {
    id: string;
    name: string;
    /** JSON list of paths. */
    machines: string;
    code_hash: string | null;
    code_until: number | null;
    key_hash: string | null;
    created_at: number;
    created_by: string;
    paired_at: number | null;
    last_seen_at: number | null;
    revoked_at: number | null;
  };
}

/** Keys of sessions and tokens are kept as SHA-256 only; passwords as argon2id. */
export const identityMigrations: readonly Migration[] = [
  {
    id: '0001-users-sessions-tokens',
    async up(db) {
      await db.schema
        .createTable('users')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull().unique())
        .addColumn('display_name', 'text', (c) => c.notNull())
        .addColumn('role', 'text', (c) => c.notNull())
        .addColumn('language', 'text', (c) => c.notNull())
        .addColumn('active', 'integer', (c) => c.notNull())
        .addColumn('password_hash', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('last_seen_at', 'bigint')
        .execute();
      await db.schema
        .createTable('sessions')
        .addColumn('key_hash', 'text', (c) => c.primaryKey())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('last_seen_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('tokens')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('role', 'text', (c) => c.notNull())
        .addColumn('key_hash', 'text', (c) => c.notNull().unique())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('last_used_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .addColumn('created_by', 'text', (c) => c.notNull())
        .execute();
    },
  },
  {
    id: '0002-devices',
    async up(db) {
      await db.schema
        .createTable('devices')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('machines', 'text', (c) => c.notNull())
        .addColumn('code_hash', 'text')
        .addColumn('code_until', 'bigint')
        .addColumn('key_hash', 'text', (c) => c.unique())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('created_by', 'text', (c) => c.notNull())
        .addColumn('paired_at', 'bigint')
        .addColumn('last_seen_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .execute();
    },
  },
];
