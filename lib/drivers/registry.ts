import type { Driver } from "./driver";
import { createKnotDriver, type KnotDriverOptions } from "./knot/driver";
import type { ServiceConfig } from "./records/json-api";
import type { RecordLimits } from "./records/record-limits";
import { createSoftlayerDriver } from "./softlayer/driver";
import { SOFTLAYER_LIMITS } from "./softlayer/limits";
import { createVpsnetDriver } from "./vpsnet/driver";
import { VPSNET_LIMITS } from "./vpsnet/limits";
import { createWhmDriver, type WhmDriverConfig } from "./whm/driver";

/** Every kind of driver with what it is made from. The only place that names concrete drivers. */
interface DriverConfigs {
  readonly "local-knot": KnotDriverOptions;
  readonly whm: WhmDriverConfig;
  readonly softlayer: ServiceConfig;
  readonly vpsnet: ServiceConfig;
}

export type DriverKind = keyof DriverConfigs;

const DRIVERS: { readonly [K in DriverKind]: (config: DriverConfigs[K]) => Driver } = {
  "local-knot": createKnotDriver,
  whm: createWhmDriver,
  softlayer: createSoftlayerDriver,
  vpsnet: createVpsnetDriver,
};

/** What a kind of target cannot hold of a zone; a kind that is not in here takes whole zones. */
const LIMITS: Partial<Record<DriverKind, RecordLimits>> = { softlayer: SOFTLAYER_LIMITS, vpsnet: VPSNET_LIMITS };

/** @returns undefined: it takes whole zones as they are. */
export function driverLimits(kind: DriverKind): RecordLimits | undefined {
  return LIMITS[kind];
}

/** A driver for one target; whoever makes it closes it. */
export function createDriver<K extends DriverKind>(kind: K, config: DriverConfigs[K]): Driver {
  return DRIVERS[kind](config);
}
