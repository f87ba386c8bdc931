"use client";

import { Keyboard } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import type { NavGroup } from "./navigation";
import { PALETTE_ACTIONS } from "./palette-actions";
import { isShortcut } from "./shortcut-keys";

/** How long "g" waits for its second key, in ms. */
const SEQUENCE = 1_200;

/** Shortcuts of every page, and the list of them behind "?". */
export function Shortcuts({ groups }: { groups: readonly NavGroup[] }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const prefixAt = useRef(Number.NEGATIVE_INFINITY);
  const destinations = groups.flatMap((group) => group.destinations);
  const actions = PALETTE_ACTIONS.filter(({ page }) => destinations.some(({ href }) => href === page));

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!isShortcut(event)) return;
    const follows = performance.now() - prefixAt.current < SEQUENCE;
    prefixAt.current = Number.NEGATIVE_INFINITY;
    if (follows) {
      const destination = destinations.find(({ key }) => key === event.key);
      if (destination) router.push(destination.href);
      return;
    }
    const action = actions.find(({ key }) => key === event.key);
    if (event.key === "g") prefixAt.current = performance.now();
    else if (event.key === "?") setOpen(true);
    else if (event.key === "/") focusSearch(event);
    else if (action) router.push(action.href);
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);

  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <IconButton label="Keyboard shortcuts" hint={<Kbd keys="?" />} className="max-sm:hidden">
          <Keyboard />
        </IconButton>
      </DialogTrigger>
      <DialogContent title="Keyboard shortcuts" size="md">
        <div className="grid gap-6 sm:grid-cols-2">
          <KeyList
            title="Anywhere"
            rows={[
              ["Search and commands", "Ctrl+K"],
              ["Search in this page", "/"],
              ...actions.flatMap(({ label, key }): [string, string][] => (key ? [[label, key.toUpperCase()]] : [])),
              ["This list", "?"],
              ["Close what is open", "Esc"],
            ]}
          />
          <KeyList title="Go to" rows={destinations.map(({ label, key }) => [label, `G ${key.toUpperCase()}`])} />
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** Comes to the page's own search, where there is one. */
function focusSearch(event: KeyboardEvent): void {
  const input = document.querySelector<HTMLInputElement>("[data-search-input]");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
}

function KeyList({ title, rows }: { title: string; rows: readonly (readonly [label: string, keys: string])[] }) {
  return (
    <section>
      <h3 className="mb-1 font-medium text-muted text-xs">{title}</h3>
      <dl>
        {rows.map(([label, keys]) => (
          <div key={label} className="flex h-7 items-center justify-between gap-4">
            <dt>{label}</dt>
            <dd>
              <Kbd keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
