import { Link } from "@/components/ui/link";
import type { MemberRow } from "@/lib/members/queries";

const figure = new Intl.NumberFormat("en");

/** What the words are made of. */
type Backlog = Pick<MemberRow, "id" | "waiting" | "setAside" | "isComparing" | "changes">;

/** How far behind a member is; nothing when it has all that it should have. */
export function BacklogWords({ member }: { member: Backlog }) {
  const { id, waiting, setAside, isComparing, changes } = member;
  if (isComparing) return <p className="text-accent text-xs">All zones are still to be compared</p>;
  if (waiting === 0 && setAside === 0) return null;
  return (
    <p className="text-xs">
      {waiting > 0 && (
        <span className="text-accent">
          {zones(waiting)} waiting{changes === null ? "" : `, with ${counted(changes, "change")}`}
        </span>
      )}
      {waiting > 0 && setAside > 0 && " · "}
      {setAside > 0 && (
        <Link href={`/cluster/${id}#attention`} className="link text-warn">
          {zones(setAside)} set aside
        </Link>
      )}
    </p>
  );
}

function zones(count: number): string {
  return counted(count, "zone");
}

function counted(count: number, noun: string): string {
  return `${figure.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
