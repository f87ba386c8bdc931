import type { Driver } from "@/lib/drivers/driver";
import type { ServiceConfig } from "@/lib/drivers/records/json-api";
import { createRecordDriver } from "@/lib/drivers/records/record-driver";
import { createSoftlayerService } from "./service";

/** The driver for SoftLayer's DNS service (IBM Cloud Classic). */
export function createSoftlayerDriver(config: ServiceConfig): Driver {
  return createRecordDriver(createSoftlayerService(config));
}
