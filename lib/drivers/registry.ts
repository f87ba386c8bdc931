import type { Driver } from "./driver";
import { createKnotDriver, type KnotDriverOptions } from "./knot/driver";
import { createWhmDriver, type WhmDriverConfig } from "./whm/driver";

/** Every kind of driver with what it is made from. The only place that names concrete drivers. */
interface DriverConfigs {
  readonly "local-knot": KnotDriverOptions;
  readonly whm: WhmDriverConfig;
}

export type DriverKind = keyof DriverConfigs;

const DRIVERS: { readonly [K in DriverKind]: (config: DriverConfigs[K]) => Driver } = {
  "local-knot": createKnotDriver,
  whm: createWhmDriver,
};

/** A driver for one target; whoever makes it closes it. */
export function createDriver<K extends DriverKind>(kind: K, config: DriverConfigs[K]): Driver {
  return DRIVERS[kind](config);
}
