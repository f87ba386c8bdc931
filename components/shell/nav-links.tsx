"use client";

import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { Link } from "@/components/ui/link";
import { EverywhereBadge } from "./everywhere-badge";
import { NAV_ICONS } from "./nav-icons";
import type { NavGroup } from "./navigation";

/** Whether `href` is the page at `pathname` or above it. */
export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}

interface NavLinksProps {
  groups: readonly NavGroup[];
  /** Zones that are not yet served everywhere. */
  notEverywhere: number;
  onNavigate?: () => void;
}

/** The menu. Keys appear for the pointer that rests on an entry; they always work. */
export function NavLinks({ groups, notEverywhere, onNavigate }: NavLinksProps) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-col gap-4">
      {groups.map((group) => (
        <div key={group.label}>
          <p className="px-2 pb-1 text-muted text-xs">{group.label}</p>
          <ul className="flex flex-col gap-px">
            {group.destinations.map(({ href, label, key }) => {
              const Icon = NAV_ICONS[href];
              const current = isCurrent(href, pathname);
              return (
                <li key={href}>
                  <Link
                    href={href}
                    onClick={onNavigate}
                    aria-current={current ? "page" : undefined}
                    className={cn(
                      "group flex h-8 items-center gap-2 rounded-md px-2 max-md:h-10",
                      current
                        ? "bg-accent-soft font-medium text-ink [&>svg]:text-accent"
                        : "text-muted hover:bg-ink/5 hover:text-ink",
                    )}
                  >
                    {Icon && <Icon aria-hidden="true" className="size-4 shrink-0 stroke-[1.75]" />}
                    <span className="flex-1 truncate">{label}</span>
                    {href === "/proof" && <EverywhereBadge initial={notEverywhere} />}
                    <span aria-hidden="true" className="hidden md:group-hover:block">
                      <Kbd keys={`G ${key.toUpperCase()}`} />
                    </span>
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
