import {
  type CastNode,
  type DataTypeNode,
  type OperatorNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type ValueNode,
} from 'kysely';
import type { Wording } from './store-kysely.ts';

/** Types of SQLite's affinities as PostgreSQL has them: a migration written once keeps the same values on both. */
const typeOf: Record<string, string> = {
  integer: 'bigint',
  int4: 'bigint',
  smallint: 'bigint',
  boolean: 'bigint',
  real: 'double precision',
  float4: 'double precision',
  blob: 'bytea',
};

/**
 * PostgreSQL's wording of what SQLite would do: whole numbers have 64 bits, text has no length limit and is ordered by
 * its bytes whatever the database's locale is, `like` does not tell ASCII capitals apart, and a bound number has a type
 * where PostgreSQL would take it for text (`case … then $1`, `coalesce(sum(x), $1)`).
 */
class SharedWordingCompiler extends PostgresQueryCompiler {
  #casting = 0;

  protected override visitDataType(node: DataTypeNode): void {
    const type = node.dataType;
    if (type === 'text' || type.startsWith('varchar') || type.startsWith('char'))
      this.append(this.#casting > 0 ? 'text' : 'text collate "C"');
    else this.append(typeOf[type] ?? type);
  }

  protected override visitCast(node: CastNode): void {
    this.#casting++;
    super.visitCast(node);
    this.#casting--;
  }

  protected override visitOperator(node: OperatorNode): void {
    if (node.operator === 'like') this.append('ilike');
    else if (node.operator === 'not like') this.append('not ilike');
    else super.visitOperator(node);
  }

  protected override visitValue(node: ValueNode): void {
    super.visitValue(node);
    if (node.immediate) return;
    if (typeof node.value === 'boolean') this.append('::bigint');
    if (typeof node.value === 'number') this.append(Number.isInteger(node.value) ? '::bigint' : '::double precision');
  }
}

export const postgresWording: Wording = {
  createQueryCompiler: () => new SharedWordingCompiler(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
};
