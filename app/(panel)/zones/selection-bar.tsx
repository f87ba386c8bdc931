"use client";

import { Download, Trash2, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { deleteZones } from "./actions";
import { MoveZones } from "./move-zones";

interface SelectionBarProps {
  names: readonly string[];
  mayDelete: boolean;
  /** Accounts that the zones can be given to; null for those who may not. */
  accounts: readonly string[] | null;
  onDone: () => void;
}

/** What can be done with the selected zones. */
export function SelectionBar({ names, mayDelete, accounts, onDone }: SelectionBarProps) {
  const router = useRouter();
  const { run } = useAction(deleteZones);
  const count = names.length === 1 ? "1 zone" : `${names.length} zones`;
  const remove = async () => {
    const done = await run({ names: [...names], reason: "" });
    if (!done) return false;
    if (done.deleted > 0)
      toast.success(`${done.deleted === 1 ? "1 zone" : `${done.deleted} zones`} moved to the recycle bin.`, {
        action: { label: "Undo…", onClick: () => router.push(`/changes/${done.changeSetId}`) },
      });
    for (const { message } of done.refused.slice(0, 3)) toast.error(message);
    onDone();
    router.refresh();
  };
  return (
    <section
      aria-label="Selected zones"
      className="flex flex-wrap items-center gap-2 border-line border-b bg-accent-soft px-3 py-1.5"
    >
      <p role="status" className="mr-auto font-medium">
        {count} selected
      </p>
      <form action="/api/zones/export" method="post">
        <input type="hidden" name="names" value={names.join("\n")} />
        <Button type="submit" size="sm">
          <Download aria-hidden="true" /> Export
        </Button>
      </form>
      {accounts && <MoveZones names={names} accounts={accounts} onDone={onDone} />}
      {mayDelete && (
        <ConfirmDialog
          trigger={
            <Button size="sm">
              <Trash2 aria-hidden="true" /> Delete
            </Button>
          }
          title={`Delete ${count}?`}
          description="Every nameserver stops serving them at once. They rest in the recycle bin, from which they can be restored."
          confirmLabel={`Delete ${count}`}
          onConfirm={remove}
        >
          <ul className="max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-2 py-1 font-mono text-xs">
            {names.map((name) => (
              <li key={name} className="break-all">
                {name.replace(/(?<=.)\.$/, "")}
              </li>
            ))}
          </ul>
        </ConfirmDialog>
      )}
      <Button size="sm" variant="ghost" onClick={onDone}>
        <X aria-hidden="true" /> Clear
      </Button>
    </section>
  );
}
