"use client";

import { CirclePause, TriangleAlert } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { LiveRefresh } from "@/components/live/live-refresh";
import { cn } from "@/components/ui/cn";
import { ExactTime } from "@/components/ui/exact-time";
import { Link } from "@/components/ui/link";
import type { HeldMember } from "@/lib/members/queries-held";

/** Members named one by one. */
const NAMED = 5;
const figure = new Intl.NumberFormat("en");

/**
 * Says on every page that nothing goes to some members: one line, and who, since when, why and what waits when it is opened. Nothing when all work. Where
 * root manages an account's cluster (`?as=`) it is about that account's.
 */
export function HeldBanner({ members }: { members: readonly HeldMember[] }) {
  const account = useSearchParams().get("as");
  const held = account === null ? members : members.filter(({ accountId }) => String(accountId) === account);
  if (held.length === 0) return null;
  const disabled = held.filter(({ why }) => why === "disabled").length;
  const paused = held.length - disabled;
  const Icon = disabled > 0 ? TriangleAlert : CirclePause;
  return (
    <section aria-label="Members that get nothing" className="mb-4">
      {/* What waits for them grows with every change of a zone. */}
      <LiveRefresh topics={["zones"]} calmMs={5_000} />
      <details
        className={cn(
          "rounded-md border px-3 py-1.5",
          disabled > 0 ? "border-bad/35 bg-bad-soft" : "border-accent/30 bg-accent-soft",
        )}
      >
        <summary className="target cursor-pointer marker:text-muted">
          <Icon
            aria-hidden="true"
            className={cn("mr-1.5 inline size-4 align-[-3px]", disabled > 0 ? "text-bad" : "text-accent")}
          />
          {disabled > 0 && <span className="font-medium">{countWords(disabled, "disabled")}</span>}
          {disabled > 0 && paused > 0 && " "}
          {paused > 0 && <span className="font-medium">{countWords(paused, "paused")}</span>}{" "}
          <span>{waitingWords(held)}</span>
        </summary>
        <ul className="mt-1.5 flex flex-col gap-1 border-line border-t pt-1.5">
          {held.slice(0, NAMED).map((member) => (
            <HeldRow key={member.id} member={member} />
          ))}
          {held.length > NAMED && (
            <li>
              and {held.length - NAMED} more in the{" "}
              <Link href="/cluster" className="link">
                DNS Cluster
              </Link>
            </li>
          )}
        </ul>
      </details>
    </section>
  );
}

function HeldRow({ member: { id, name, why, reason, since, until, waiting } }: { member: HeldMember }) {
  return (
    <li className="break-words">
      <Link href={`/cluster/${id}`} className="link break-all font-medium">
        {name}
      </Link>{" "}
      {why} <ExactTime at={since} />
      {until !== null && (
        <>
          {" "}
          until <ExactTime at={until} />
        </>
      )}
      {reason !== null && <>: {reason}</>} {waiting && waiting.zones > 0 && countedWords(waiting)}
    </li>
  );
}

function countWords(count: number, what: string): string {
  return count === 1 ? `A cluster member is ${what}.` : `${count} cluster members are ${what}.`;
}

/** Of several, what waits for the one that lacks most: a zone that waits for two of them is one zone. */
function waitingWords(held: readonly HeldMember[]): string {
  const counted = held.flatMap(({ waiting }) => waiting ?? []);
  const most = counted.toSorted((a, b) => b.zones - a.zones || b.changes - a.changes)[0];
  if (!most || most.zones === 0) return "Nothing waits so far.";
  return held.length === 1 ? countedWords(most) : `For one of them: ${countedWords(most)}`;
}

function countedWords({ zones, changes }: { zones: number; changes: number }): string {
  const noun = `${figure.format(zones)} zone${zones === 1 ? "" : "s"}`;
  return `${noun} with ${figure.format(changes)} change${changes === 1 ? "" : "s"} wait${zones === 1 ? "s" : ""} here.`;
}
