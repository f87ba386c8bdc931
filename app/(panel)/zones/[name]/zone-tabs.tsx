"use client";

import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { zonePath } from "@/components/zones/zone-path";

/** The pages of one zone. */
export function ZoneTabs({ name }: { name: string }) {
  const pathname = usePathname();
  const isHistory = pathname.includes("/history");
  const isNameservers = pathname.endsWith("/nameservers");
  const tabs = [
    { href: zonePath(name), label: "Records", isHere: !isHistory && !isNameservers },
    { href: zonePath(name, "/nameservers"), label: "Nameservers", isHere: isNameservers },
    { href: zonePath(name, "/history"), label: "History", isHere: isHistory },
  ];
  return (
    <nav aria-label="Zone" className="mb-4 flex gap-4 border-line border-b">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.isHere ? "page" : undefined}
          className={cn(
            "-mb-px flex h-9 items-center border-transparent border-b-2 text-muted hover:text-ink",
            tab.isHere && "border-accent font-medium text-ink",
          )}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
