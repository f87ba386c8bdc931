"use client";

import { Pencil, RefreshCw, X } from "lucide-react";
import Link from "next/link";
import { IconButton } from "@/components/ui/icon-button";
import { dnsRole } from "@/lib/members/dns-role";
import type { MemberRow } from "@/lib/members/queries";
import { DeleteMember } from "./delete-member";
import { ResyncMember } from "./resync-member";

interface MemberActionsProps {
  member: Pick<MemberRow, "id" | "name" | "role" | "status">;
}

/** The table's Actions: edit, synchronize, delete. */
export function MemberActions({ member }: MemberActionsProps) {
  const { id, name, role, status } = member;
  const isPaused = status.state === "paused";
  return (
    <div className="flex items-center justify-end">
      <IconButton label={`Edit ${name}`} asChild>
        <Link href={`/cluster/${id}/edit`} aria-label={`Edit ${name}`}>
          <Pencil />
        </Link>
      </IconButton>
      {dnsRole(role).sends && !isPaused && (
        <ResyncMember
          id={id}
          name={name}
          trigger={
            <IconButton label={`Synchronize all zones with ${name}`}>
              <RefreshCw />
            </IconButton>
          }
        />
      )}
      <DeleteMember
        id={id}
        name={name}
        trigger={
          <IconButton label={`Delete ${name}`}>
            <X />
          </IconButton>
        }
      />
    </div>
  );
}
