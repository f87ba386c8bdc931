"use client";

import { Activity, Pause, Pencil, Play, Power, RefreshCw, RotateCcw, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { checkNow, resumeServers, tryAgainNow } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { RepairButton } from "@/components/repair/repair-button";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { isHeld } from "@/lib/members/member-status";
import type { MemberDetail } from "@/lib/members/queries";
import { clusterPath } from "./cluster-path";
import { DeleteMember } from "./delete-member";
import { PauseMember } from "./pause-member";
import { ResyncMember } from "./resync-member";

interface MemberToolbarProps {
  member: Pick<MemberDetail, "id" | "name" | "isService" | "status">;
  /** Zones are sent to it. */
  sends: boolean;
  /** Whose cluster, when it is not one's own. */
  accountId: number | undefined;
}

/** What can be done with a member, on its own page. */
export function MemberToolbar({ member, sends, accountId }: MemberToolbarProps) {
  const { id, name, status } = member;
  const router = useRouter();
  const check = useAction(checkNow, { onSuccess: () => toast.success(`${name} was checked.`) });
  const retry = useAction(tryAgainNow, { onSuccess: () => toast.success("What waited is tried again now.") });
  const resume = useAction(resumeServers, { onSuccess: () => toast.success(`${name} was resumed.`) });
  const isWorking = !isHeld(status);
  return (
    <>
      {status.state === "disabled" && (
        <Button variant="primary" asChild>
          <Link href={`/cluster/${id}/enable`}>
            <Power /> Enable
          </Link>
        </Button>
      )}
      {status.state === "maintenance" && (
        <Button pending={resume.pending} onClick={() => resume.run({ ids: [id] })}>
          {!resume.pending && <Play />} Resume
        </Button>
      )}
      {isWorking && (
        <Button pending={check.pending} onClick={() => check.run({ id })}>
          {!check.pending && <Activity />} Check now
        </Button>
      )}
      {sends && isWorking && (
        <>
          <RepairButton memberId={id} label={`what differs at ${name}`} size="md" />
          <Button pending={retry.pending} onClick={() => retry.run({ id })}>
            {!retry.pending && <RotateCcw />} Try again now
          </Button>
          <ResyncMember
            id={id}
            name={name}
            trigger={
              <Button>
                <RefreshCw /> Synchronize all zones again
              </Button>
            }
          />
        </>
      )}
      {isWorking && (
        <PauseMember
          id={id}
          name={name}
          trigger={
            <Button>
              <Pause /> Pause
            </Button>
          }
        />
      )}
      <Button asChild>
        <Link href={`/cluster/${id}/edit`}>
          <Pencil /> Edit
        </Link>
      </Button>
      <DeleteMember
        id={id}
        name={name}
        isService={member.isService}
        onDeleted={() => router.push(clusterPath(accountId))}
        trigger={
          <Button variant="danger">
            <X /> Delete
          </Button>
        }
      />
    </>
  );
}
