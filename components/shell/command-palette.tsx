"use client";

import { Command } from "cmdk";
import { CornerDownLeft, Globe, Plus, Search, Server } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { Spinner } from "@/components/ui/spinner";
import { NAV_ICONS } from "./nav-icons";
import type { NavGroup } from "./navigation";
import { PALETTE_ACTIONS } from "./palette-actions";
import type { ShellUser } from "./shell";
import { usePaletteSearch } from "./use-palette-search";

const ITEM =
  "flex h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-accent-soft [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted";
const GROUP =
  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs";

/** Ctrl/⌘-K: goes to any page, zone or member, and starts what can be started from anywhere. */
export function CommandPalette({ groups, user }: { groups: readonly NavGroup[]; user: ShellUser }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { found, isSearching } = usePaletteSearch(open ? text : "");
  const destinations = groups.flatMap((group) => group.destinations);
  const actions = PALETTE_ACTIONS.filter(({ page }) => destinations.some(({ href }) => href === page));

  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setOpen((isOpen) => !isOpen);
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);

  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setText("");
  };
  const go = (href: string) => {
    change(false);
    router.push(href);
  };
  const entry = (href: string, icon: ReactNode, label: string, keys?: string) => (
    <Command.Item key={`${href} ${label}`} value={`${href} ${label}`} onSelect={() => go(href)} className={ITEM}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {keys && <Kbd keys={keys} />}
    </Command.Item>
  );
  const fits = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase());

  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Trigger className="flex h-8 w-full min-w-0 max-w-80 items-center gap-2 rounded-md border border-line-strong/60 bg-surface px-2.5 text-muted hover:border-line-strong">
        <Search aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="flex-1 truncate text-left">Search or jump to…</span>
        <span className="max-sm:hidden">
          <Kbd keys="Ctrl+K" />
        </span>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed inset-x-3 top-[max(1rem,12vh)] z-50 mx-auto max-w-xl overflow-hidden rounded-lg border border-line bg-raised shadow-raised"
        >
          <Radix.Title className="sr-only">Search and commands</Radix.Title>
          {/* The server searches zones and members, so nothing is filtered a second time here. */}
          <Command shouldFilter={false} loop label="Search and commands">
            <div className="flex items-center gap-2.5 border-line border-b px-4">
              <Search aria-hidden="true" className="size-4 text-muted" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={user.role === "root" ? "A page, a zone, a member…" : "A page, a zone…"}
                className="h-11 min-w-0 flex-1 bg-transparent text-base outline-none"
              />
              {isSearching && <Spinner className="text-muted" />}
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-2.5 py-6 text-center text-muted">
                {isSearching ? "Searching…" : "Nothing found. Zones are found by any part of their name."}
              </Command.Empty>
              {found.zones.length > 0 && (
                <Command.Group heading="Zones" className={GROUP}>
                  {found.zones.map((zone) => entry(zone.href, <Globe aria-hidden="true" />, zone.label))}
                </Command.Group>
              )}
              {found.members.length > 0 && (
                <Command.Group heading="Servers in your DNS cluster" className={GROUP}>
                  {found.members.map((member) => entry(member.href, <Server aria-hidden="true" />, member.label))}
                </Command.Group>
              )}
              {actions.some(({ label }) => fits(label)) && (
                <Command.Group heading="Actions" className={GROUP}>
                  {actions
                    .filter(({ label }) => fits(label))
                    .map(({ href, label, key }) => entry(href, <Plus aria-hidden="true" />, label, key?.toUpperCase()))}
                </Command.Group>
              )}
              {destinations.some(({ label }) => fits(label)) && (
                <Command.Group heading="Go to" className={GROUP}>
                  {destinations
                    .filter(({ label }) => fits(label))
                    .map(({ href, label, key }) => {
                      const Icon = NAV_ICONS[href];
                      return entry(href, Icon && <Icon aria-hidden="true" />, label, `G ${key.toUpperCase()}`);
                    })}
                </Command.Group>
              )}
            </Command.List>
            <p
              aria-hidden="true"
              className="flex items-center gap-1.5 border-line border-t px-4 py-2 text-muted text-xs"
            >
              <Kbd keys="↑ ↓" /> to choose <CornerDownLeft className="ml-2 size-3" /> to open
            </p>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
