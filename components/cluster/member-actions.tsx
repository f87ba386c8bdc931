"use client";

import { Pencil, Power, RefreshCw, X } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { Link } from "@/components/ui/link";
import { isHeld } from "@/lib/members/member-status";
import type { MemberRow } from "@/lib/members/queries";
import { DeleteMember } from "./delete-member";

interface MemberActionsProps {
  member: Pick<MemberRow, "id" | "name" | "isService" | "status">;
  /** Whose cluster, when it is not one's own. */
  accountId: number | undefined;
}

/** The table's Actions: edit, enable, synchronize, delete. */
export function MemberActions({ member, accountId }: MemberActionsProps) {
  const { id, name, status } = member;
  return (
    <div className="flex items-center justify-end">
      <IconButton label={`Edit ${name}`} asChild>
        <Link href={`/cluster/${id}/edit`} aria-label={`Edit ${name}`}>
          <Pencil />
        </Link>
      </IconButton>
      {status.state === "disabled" && (
        <IconButton label={`Enable ${name}`} asChild>
          <Link href={`/cluster/${id}/enable`} aria-label={`Enable ${name}`}>
            <Power />
          </Link>
        </IconButton>
      )}
      {!isHeld(status) && (
        <IconButton label={`Synchronize with ${name}`} asChild>
          <Link
            href={`/synchronize?member=${id}${accountId === undefined ? "" : `&as=${accountId}`}`}
            aria-label={`Synchronize with ${name}`}
          >
            <RefreshCw />
          </Link>
        </IconButton>
      )}
      <DeleteMember
        id={id}
        name={name}
        isService={member.isService}
        trigger={
          <IconButton label={`Delete ${name}`}>
            <X />
          </IconButton>
        }
      />
    </div>
  );
}
