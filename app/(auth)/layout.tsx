import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";
import { ScriptsRan } from "@/components/ui/scripts-ran";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";

/** The frame of the pages in front of sign-in. It tells which server this is: people have many. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  const { hostname } = await readSettings(runtime().db.client, "server");
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-[max(2rem,12vh)]">
      <ScriptsRan />
      <header className="mb-6 flex flex-col items-center gap-2 text-center">
        <Mark className="size-8" />
        <p className="font-semibold text-lg tracking-tight">Zonefleet</p>
        {hostname && <p className="break-all font-mono text-muted text-xs">{hostname}</p>}
      </header>
      <main className="w-full">{children}</main>
    </div>
  );
}
