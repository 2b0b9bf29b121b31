import { InventorySettings } from '@deungdae/contracts/api-inventory.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { checkRule, defaultRules } from './numbering.ts';
import type { InventoryTables } from './schema.ts';

const defaults: InventorySettings = { numbering: defaultRules, linkBase: null, printers: [] };

/** Numbering rules, label addresses and printers; read once, kept in memory, written through. */
export class SettingsStore {
  current: InventorySettings;
  readonly #ledger: Ledger;

  constructor(ledger: Ledger, current: InventorySettings) {
    this.#ledger = ledger;
    this.current = current;
  }

  static async open(ledger: Ledger): Promise<SettingsStore> {
    const row = await ledger
      .read<InventoryTables>()
      .selectFrom('inv_settings')
      .select('value')
      .where('name', '=', 'inventory')
      .executeTakeFirst();
    const stored = row ? InventorySettings.safeParse({ ...defaults, ...JSON.parse(row.value) }) : null;
    return new SettingsStore(ledger, stored?.success ? stored.data : defaults);
  }

  /** Throws `inventory.numberingRule`. */
  async save(next: InventorySettings, actor: Actor): Promise<InventorySettings> {
    for (const rule of Object.values(next.numbering)) checkRule(rule);
    const value = JSON.stringify(next);
    await this.#ledger.transaction<InventoryTables, void>(async (db, emit) => {
      await db
        .insertInto('inv_settings')
        .values({ name: 'inventory', value })
        .onConflict((c) => c.column('name').doUpdateSet({ value }))
        .execute();
      const data = { numbering: next.numbering, linkBase: next.linkBase, printers: next.printers.map((p) => p.id) };
      await emit({ type: 'inventory.settingsChanged', subject: 'inventory', actor, data });
    });
    this.current = next;
    return next;
  }
}
