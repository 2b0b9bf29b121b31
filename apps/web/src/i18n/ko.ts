import audit from './audit.ko.json' with { type: 'json' };
import devices from './devices.ko.json' with { type: 'json' };
import exchange from './exchange.ko.json' with { type: 'json' };
import inventory from './inventory.ko.json' with { type: 'json' };
import kiosk from './kiosk.ko.json' with { type: 'json' };
import core from './ko.json' with { type: 'json' };
import maintenance from './maintenance.ko.json' with { type: 'json' };
import masterdata from './masterdata.ko.json' with { type: 'json' };
import owner from './owner.ko.json' with { type: 'json' };
import people from './people.ko.json' with { type: 'json' };
import production from './production.ko.json' with { type: 'json' };
import quality from './quality.ko.json' with { type: 'json' };
import settings from './settings.ko.json' with { type: 'json' };

/** Korean, the source of every key: the shell's texts, then each area's own file. */
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
};
