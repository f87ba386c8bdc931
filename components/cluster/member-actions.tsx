"use client";

import { Activity, Pencil, RefreshCw, X } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { checkNow } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { IconButton } from "@/components/ui/icon-button";
import { dnsRole } from "@/lib/members/dns-role";
import type { MemberRow } from "@/lib/members/queries";
import { DeleteMember } from "./delete-member";
import { ResyncMember } from "./resync-member";

interface MemberActionsProps {
  member: Pick<MemberRow, "id" | "hostname" | "role" | "status">;
}

/** The table's Actions: edit, check, synchronize, delete. */
export function MemberActions({ member }: MemberActionsProps) {
  const { id, hostname, role, status } = member;
  const check = useAction(checkNow, { onSuccess: () => toast.success(`${hostname} was checked.`) });
  const isPaused = status.state === "paused";
  return (
    <div className="flex items-center justify-end">
      <IconButton label={`Edit ${hostname}`} asChild>
        <Link href={`/cluster/${id}/edit`} aria-label={`Edit ${hostname}`}>
          <Pencil />
        </Link>
      </IconButton>
      <IconButton label={`Check ${hostname} now`} pending={check.pending} onClick={() => check.run({ id })}>
        {check.pending ? null : <Activity />}
      </IconButton>
      {dnsRole(role).sends && !isPaused && (
        <ResyncMember
          id={id}
          hostname={hostname}
          trigger={
            <IconButton label={`Synchronize all zones with ${hostname}`}>
              <RefreshCw />
            </IconButton>
          }
        />
      )}
      <DeleteMember
        id={id}
        hostname={hostname}
        trigger={
          <IconButton label={`Delete ${hostname}`}>
            <X />
          </IconButton>
        }
      />
    </div>
  );
}
