import type { ReactNode } from "react";
import { LiveRefresh } from "@/components/live/live-refresh";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { AccountMenu } from "./account-menu";
import { CommandPalette } from "./command-palette";
import { LiveIndicator } from "./live-indicator";
import { MobileNav } from "./mobile-nav";
import { NavLinks } from "./nav-links";
import type { NavGroup } from "./navigation";
import { ServerBadge } from "./server-badge";
import { Shortcuts } from "./shortcuts";
import { ThemeToggle } from "./theme-toggle";

export interface ShellServer {
  readonly hostname: string;
  readonly kind: "web-server" | "dns-only";
  readonly nameserver: NameserverStatus["state"];
}

export interface ShellUser {
  readonly username: string;
  readonly role: "root" | "reseller";
}

interface ShellProps {
  groups: readonly NavGroup[];
  user: ShellUser;
  server: ShellServer;
  /** Zones of the user's that are not yet served everywhere. */
  notEverywhere: number;
  children: ReactNode;
}

/** The frame of every page behind sign-in: where one is, where one can go, how the server is. */
export function Shell({ groups, user, server, notEverywhere, children }: ShellProps) {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-1.5 focus:text-on-accent"
      >
        Skip to content
      </a>
      <aside aria-label="Server and menu" className="hidden border-line border-r md:block">
        <div className="sticky top-0 flex h-dvh flex-col overflow-y-auto px-3 py-3">
          <ServerBadge server={server} />
          <NavLinks groups={groups} notEverywhere={notEverywhere} />
        </div>
      </aside>
      <div className="min-w-0">
        <header className="sticky top-0 z-30 flex h-12 items-center gap-1.5 border-line border-b bg-canvas px-3 md:px-6">
          <MobileNav groups={groups} notEverywhere={notEverywhere} server={server} />
          <CommandPalette groups={groups} user={user} />
          <div className="ml-auto flex items-center gap-1">
            <LiveIndicator />
            <Shortcuts groups={groups} />
            <ThemeToggle />
            <AccountMenu user={user} />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="mx-auto max-w-[90rem] px-3 py-5 outline-none md:px-6">
          {children}
        </main>
      </div>
      <LiveRefresh topics={["nameserver", "members"]} />
    </div>
  );
}
