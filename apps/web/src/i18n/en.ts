import audit from './audit.en.json' with { type: 'json' };
import devices from './devices.en.json' with { type: 'json' };
import core from './en.json' with { type: 'json' };
import exchange from './exchange.en.json' with { type: 'json' };
import inventory from './inventory.en.json' with { type: 'json' };
import kiosk from './kiosk.en.json' with { type: 'json' };
import type ko from './ko.ts';
import maintenance from './maintenance.en.json' with { type: 'json' };
import masterdata from './masterdata.en.json' with { type: 'json' };
import owner from './owner.en.json' with { type: 'json' };
import people from './people.en.json' with { type: 'json' };
import production from './production.en.json' with { type: 'json' };
import quality from './quality.en.json' with { type: 'json' };
import settings from './settings.en.json' with { type: 'json' };

export default {
  ...core,
  ...audit,
  ...settings,
  ...masterdata,
  ...devices,
  ...exchange,
  ...inventory,
  ...quality,
  ...production,
  ...maintenance,
  ...people,
  ...kiosk,
  ...owner,
} satisfies Record<keyof typeof ko, string>;
