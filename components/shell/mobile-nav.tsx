"use client";

import { Menu as MenuIcon } from "lucide-react";
import { useState } from "react";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";
import { NavLinks } from "./nav-links";
import type { NavGroup } from "./navigation";
import { ServerBadge } from "./server-badge";
import type { ShellServer } from "./shell";

/** The menu on narrow screens, behind a button. */
export function MobileNav({
  groups,
  notEverywhere,
  server,
}: {
  groups: readonly NavGroup[];
  notEverywhere: number;
  server: ShellServer;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <IconButton label="Menu" className="shrink-0 md:hidden">
          <MenuIcon />
        </IconButton>
      </DialogTrigger>
      <DialogContent title="Menu" size="sm">
        <ServerBadge server={server} />
        <NavLinks groups={groups} notEverywhere={notEverywhere} onNavigate={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}
