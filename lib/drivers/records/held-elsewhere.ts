import { DriverError } from "@/lib/errors";

/**
 * A service that refuses to make a zone which its account does not hold. What can be wrong with the content was checked before it was sent, so somebody else holding the
 * zone there is the likely reason; what the service said is told with it.
 */
export function heldElsewhere(service: string, apex: string, error: DriverError): DriverError {
  const zone = apex.slice(0, -1);
  const message = `${service} does not make the zone ${zone}, and this account does not hold it. If another account holds it, it has to be deleted there or moved to this account first. ${error.message}`;
  return new DriverError("conflict", service, error.operation, message, { cause: error });
}
