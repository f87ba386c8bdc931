import type { DriverErrorKind } from "@/lib/errors";
import { FAILURE_POLICY } from "@/lib/sync/policy";
import type { Member } from "@/prisma/generated/sqlite/client";

/** Whether reading it failed the last time, in a way that speaks against it. One that is not read any more has nothing to make good. */
export function isPullFailing({ role, pullErrorKind }: Pick<Member, "role" | "pullErrorKind">): boolean {
  return role !== "write-only" && pullErrorKind !== null && FAILURE_POLICY[pullErrorKind as DriverErrorKind].counts;
}
