import { engineActor } from "@/lib/access/actor";
import { recordOverwritten } from "@/lib/conflicts/record-overwritten";
import type { Context } from "@/lib/context";
import type { DnsAddress, Driver } from "@/lib/drivers/driver";
import { AppError, DriverError } from "@/lib/errors";
import { findMember, type MemberRecord } from "@/lib/members/member-row";
import { openMemberDriver } from "@/lib/members/open-driver";
import { isComparedFirst } from "@/lib/members/ready-target";
import { recordMemberFailure, recordMemberSuccess } from "@/lib/members/record";
import { holdCopies } from "@/lib/sync-jobs/hold-copies";
import { receiveZones } from "@/lib/zones/receive";
import { changeSetChore } from "./change-sets";
import { createEngine, type Engine } from "./engine";
import { observe } from "./observe";
import { orphanChore } from "./orphans/chore";
import { proofChores } from "./proof/chores";
import { pullFromMember } from "./pull";
import { serverChores } from "./server-chores";
import { syncChores } from "./sync-jobs/chores";

/** The local nameserver as the engine sees it; null while there is none to talk to. */
export type LocalNameserver = () => { readonly driver: Driver; readonly addresses: readonly DnsAddress[] } | null;

/** A credential that cannot be opened is a failure of this member like any other, and waits for somebody to enter it again. */
async function openMember(ctx: Context, member: Parameters<typeof openMemberDriver>[1]): Promise<Driver> {
  try {
    return await openMemberDriver(ctx, member);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new DriverError("auth", member.hostname, "open", error.message, { cause: error });
  }
}

/** One that was never disabled, as there is no threshold. What was disabled is compared when it is enabled, and once only while it catches up. */
function wasAwayLong({ clock }: Context, member: MemberRecord): boolean {
  const { failures, firstFailureAt, recoveringAt } = member;
  const isFailing = failures > 0 && firstFailureAt !== null && recoveringAt === null;
  return isFailing && isComparedFirst(member, clock.now() - Number(firstFailureAt));
}

/**
 * The engine of a running server: the database, the members and the local nameserver put together.
 * @param isListening whether members that are asked something can call this server back
 */
export function createServerEngine(ctx: Context, local: LocalNameserver, isListening = () => true): Engine {
  const openLocal = () => {
    const opened = local();
    if (!opened)
      throw new DriverError("unreachable", "local nameserver", "open", "The local nameserver is not running.");
    return opened;
  };
  return createEngine(
    ctx,
    {
      observe,
      async openTarget(target) {
        if (target.memberId === null) return openLocal();
        const member = await findMember(ctx.db.client, target.memberId);
        if (!member) throw new DriverError("aborted", `member ${target.memberId}`, "open", "The member was deleted.");
        const addresses = JSON.parse(member.dnsAddresses) as DnsAddress[];
        return { driver: await openMember(ctx, member), addresses, wasAwayLong: wasAwayLong(ctx, member) };
      },
      async takeIn(memberId, zone) {
        const [outcome] = await receiveZones(ctx, engineActor, {
          items: [zone],
          mode: "newest",
          originMemberId: memberId,
          hold: holdCopies(ctx, memberId, { isLossy: false }),
        });
        if (outcome?.status === "refused") return { status: "refused", message: outcome.message };
        if (outcome?.status === "newer-here")
          return { status: "refused", message: "The copy here is newer after all." };
        return { status: outcome?.status === "unchanged" ? "same" : "taken" };
      },
      async takeNewer({ memberId }, driver, signal) {
        if (memberId !== null) await pullFromMember(ctx, memberId, driver, signal);
      },
      keepReplaced: (memberId, copy) => recordOverwritten(ctx, { memberId, ...copy }),
      async onResult(target, failure, beganAt) {
        if (target.memberId === null) return;
        if (failure) await recordMemberFailure(ctx, target.memberId, failure);
        else await recordMemberSuccess(ctx, target.memberId, beganAt);
      },
    },
    [
      ...serverChores(ctx, isListening),
      ...syncChores(ctx),
      orphanChore(ctx),
      changeSetChore(ctx),
      ...proofChores(ctx, () => local()?.addresses ?? null),
    ],
  );
}
