"use client";

import { CircleUser, LogOut, MonitorX, UserCog } from "lucide-react";
import Link from "next/link";
import { signOut } from "@/app/(auth)/sign-out";
import { toastActionError } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from "@/components/ui/dropdown-menu";
import type { ShellUser } from "./shell";

/** Ends sessions and leaves for the sign-in page with a fresh document, so that nothing of the session stays in memory. */
async function leave(everywhere: boolean): Promise<void> {
  const result = await signOut({ everywhere });
  if (!result.ok && result.error.code !== "unauthenticated") return toastActionError(result.error);
  window.location.assign("/sign-in");
}

/** Who is signed in, their account, and the ways out. */
export function AccountMenu({ user }: { user: ShellUser }) {
  return (
    <Menu modal={false}>
      <MenuTrigger asChild>
        <Button variant="ghost" className="max-w-40 px-2" aria-label={`Account of ${user.username}`}>
          <CircleUser aria-hidden="true" />
          <span className="truncate max-sm:hidden">{user.username}</span>
        </Button>
      </MenuTrigger>
      <MenuContent>
        <MenuLabel>
          {user.username} · {user.role}
        </MenuLabel>
        <MenuItem asChild>
          <Link href="/account">
            <UserCog aria-hidden="true" />
            Account
          </Link>
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={() => void leave(false)}>
          Sign out
        </MenuItem>
        <MenuItem icon={<MonitorX aria-hidden="true" />} onSelect={() => void leave(true)}>
          Sign out everywhere
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
