import type { Migration } from '@deungdae/ledger/ledger.ts';

export interface PeopleTables {
  people: {
    id: string;
    badge: string;
    name: string;
    language: string;
    team: string | null;
    user_id: string | null;
    active: number;
  };
  people_skills: {
    person: string;
    skill: string;
    level: number;
    granted_at: number;
    expires_at: number | null;
    granted_by: string;
    training: string | null;
  };
  people_trainings: { id: string; held_at: number; data: string };
  people_attendance: { training: string; person: string; passed: number };
  safety_records: { id: string; number: string; kind: string; time: number; status: string; data: string };
}

export const peopleMigrations: readonly Migration[] = [
  {
    id: '0001-people-skills-safety',
    async up(db) {
      await db.schema
        .createTable('people')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('badge', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('language', 'text', (c) => c.notNull())
        .addColumn('team', 'text')
        .addColumn('user_id', 'text')
        .addColumn('active', 'integer', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('people_badge').on('people').column('badge').execute();
      await db.schema
        .createTable('people_skills')
        .addColumn('person', 'text', (c) => c.notNull().references('people.id'))
        .addColumn('skill', 'text', (c) => c.notNull())
        .addColumn('level', 'integer', (c) => c.notNull())
        .addColumn('granted_at', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('granted_by', 'text', (c) => c.notNull())
        .addColumn('training', 'text')
        .addPrimaryKeyConstraint('people_skills_key', ['person', 'skill'])
        .execute();
      await db.schema
        .createTable('people_trainings')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('held_at', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('people_attendance')
        .addColumn('training', 'text', (c) => c.notNull().references('people_trainings.id'))
        .addColumn('person', 'text', (c) => c.notNull().references('people.id'))
        .addColumn('passed', 'integer', (c) => c.notNull())
        .addPrimaryKeyConstraint('people_attendance_key', ['training', 'person'])
        .execute();
      await db.schema
        .createTable('safety_records')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('number', 'text', (c) => c.notNull().unique())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('safety_records_time').on('safety_records').column('time').execute();
    },
  },
];
