import type { Driver } from "@/lib/drivers/driver";
import type { ServiceConfig } from "@/lib/drivers/records/json-api";
import { createRecordDriver } from "@/lib/drivers/records/record-driver";
import { createVpsnetService } from "./service";

/** The driver for VPS.NET's DNS service. */
export function createVpsnetDriver(config: ServiceConfig): Driver {
  return createRecordDriver(createVpsnetService(config));
}
