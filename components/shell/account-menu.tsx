"use client";

import { CircleUser, LogOut, MonitorX, UserCog } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from "@/components/ui/dropdown-menu";
import { Link } from "@/components/ui/link";
import { leave } from "./leave";
import type { ShellUser } from "./shell";

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
