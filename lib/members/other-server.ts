import type { TargetStatus } from "@/lib/drivers/driver";
import type { Member } from "@/prisma/generated/sqlite/client";
import type { ConnectionRequest } from "./check-connection";

/** Whether a form leads to another server than the member was, and not to the same one under another name, which only Zonefleet servers tell. */
export function isOtherServer(
  member: Pick<Member, "hostname" | "port" | "serverId">,
  { hostname, port }: Pick<ConnectionRequest, "hostname" | "port">,
  status: TargetStatus | undefined,
): boolean {
  if (hostname === member.hostname && port === member.port) return false;
  return member.serverId === null || status?.serverId === undefined || status.serverId !== member.serverId;
}
