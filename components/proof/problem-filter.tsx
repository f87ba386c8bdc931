"use client";

import { useRouter } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { Select } from "@/components/ui/select";
import type { ProblemList } from "@/lib/proof/queries-problems";
import type { Cause } from "@/lib/proof/reason";
import { STATE_LOOK } from "./cause-words";
import { type ProblemAddress, problemAddress } from "./problem-address";

const figure = new Intl.NumberFormat("en");

interface ProblemFilterProps {
  list: Pick<ProblemList, "causes" | "targets">;
  address: ProblemAddress;
}

/** Narrows the list by reason, with plain links. */
export function CauseLinks({ list, address }: ProblemFilterProps) {
  const all = list.causes.reduce((sum, { count }) => sum + count, 0);
  const links: [Cause | null, string, number][] = [
    [null, "All", all],
    ...list.causes.map(({ cause, count }): [Cause, string, number] => [cause, STATE_LOOK[cause].word, count]),
  ];
  return (
    <nav aria-label="Reasons" className="flex flex-wrap gap-1">
      {links.map(([cause, word, count]) => (
        <Link
          key={word}
          href={problemAddress({ ...address, cause, page: 1 })}
          aria-current={cause === address.cause ? "page" : undefined}
          className={cn(
            "rounded-md px-2 py-1",
            cause === address.cause ? "bg-sunken font-medium" : "text-muted hover:text-ink hover:underline",
          )}
        >
          {word} <span className="font-mono text-xs">{figure.format(count)}</span>
        </Link>
      ))}
    </nav>
  );
}

/** Narrows it by nameserver. */
export function NameserverFilter({ list, address }: ProblemFilterProps) {
  const router = useRouter();
  return (
    <Select
      aria-label="Nameserver"
      className="w-auto max-w-60"
      value={address.at ?? ""}
      onChange={({ target }) =>
        router.replace(problemAddress({ ...address, at: Number(target.value) || null, page: 1 }), { scroll: false })
      }
    >
      <option value="">Every nameserver</option>
      {list.targets.map(({ targetId, label, count }) => (
        <option key={targetId} value={targetId}>
          {label} ({figure.format(count)})
        </option>
      ))}
    </Select>
  );
}
