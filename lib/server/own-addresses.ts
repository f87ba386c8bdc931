import os from "node:os";

/** The numeric addresses of this machine without loopback and link-local ones; loopback when there is nothing else. */
export function ownAddresses(): string[] {
  const addresses = Object.values(os.networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => !entry.internal && !entry.address.startsWith("fe80:"))
    .map((entry) => entry.address);
  return addresses.length > 0 ? addresses : ["127.0.0.1"];
}
