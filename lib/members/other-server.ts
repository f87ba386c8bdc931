import type { TargetStatus } from "@/lib/drivers/driver";
import type { Member } from "@/prisma/generated/sqlite/client";
import type { ConnectionRequest } from "./check-connection";

/**
 * Whether a form leads to another server than the member was. The same one may have another name now: Zonefleet servers tell who they are; of others the address
 * and the port do, as wherever two entries of one server are found (./reach).
 * @param check what the test of its connection found; null: nothing about the connection changed
 */
export function isOtherServer(
  member: Pick<Member, "hostname" | "address" | "port" | "serverId">,
  { hostname, port }: Pick<ConnectionRequest, "hostname" | "port">,
  check: { readonly address: string; readonly status: Pick<TargetStatus, "serverId"> } | null,
): boolean {
  if (hostname === member.hostname && port === member.port) return false;
  const told = check?.status.serverId;
  if (member.serverId !== null && told !== undefined) return told !== member.serverId;
  return port !== member.port || check?.address !== member.address;
}
