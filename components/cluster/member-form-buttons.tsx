"use client";

import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { clusterPath } from "./cluster-path";
import { useHydrated } from "./use-hydrated";
import type { useMemberForm } from "./use-member-form";

interface MemberFormButtonsProps {
  form: Pick<ReturnType<typeof useMemberForm>, "isSaving" | "isTesting" | "test">;
  /** Whose cluster, when it is not one's own. */
  accountId: number | undefined;
}

/** Submit, Test connection and Cancel of a remote configuration form. */
export function MemberFormButtons({ form, accountId }: MemberFormButtonsProps) {
  const isHydrated = useHydrated();
  return (
    <div className="flex flex-wrap gap-2">
      <Button type="submit" variant="primary" pending={form.isSaving} disabled={!isHydrated || form.isTesting}>
        Submit
      </Button>
      <Button onClick={form.test} pending={form.isTesting} disabled={!isHydrated || form.isSaving}>
        Test connection
      </Button>
      <Button variant="ghost" asChild>
        <Link href={clusterPath(accountId)}>Cancel</Link>
      </Button>
    </div>
  );
}
