import Link from "next/link";
import { Banner } from "@/components/ui/banner";
import { ExactTime } from "@/components/ui/exact-time";
import type { HeldMember } from "@/lib/members/queries-held";

/** Members named one by one. */
const NAMED = 5;

/** Says on every page where it matters that nothing goes to some members; nothing when all work. */
export function HeldBanner({ members }: { members: readonly HeldMember[] }) {
  const disabled = members.filter(({ why }) => why === "disabled");
  const paused = members.filter(({ why }) => why === "paused");
  if (members.length === 0) return null;
  return (
    <div className="mb-4 flex flex-col gap-2">
      {disabled.length > 0 && (
        <Banner
          tone="bad"
          title={
            disabled.length === 1 ? "A cluster member is disabled." : `${disabled.length} cluster members are disabled.`
          }
        >
          Nothing is sent there; what changes waits here until the server is enabled.
          <Names members={disabled} />
        </Banner>
      )}
      {paused.length > 0 && (
        <Banner
          title={paused.length === 1 ? "A cluster member is paused." : `${paused.length} cluster members are paused.`}
        >
          For maintenance: what changes waits here until the pause ends.
          <Names members={paused} />
        </Banner>
      )}
    </div>
  );
}

function Names({ members }: { members: readonly HeldMember[] }) {
  const more = members.length - NAMED;
  return (
    <ul className="mt-1">
      {members.slice(0, NAMED).map(({ id, name, since, until }) => (
        <li key={id}>
          <Link href={`/cluster/${id}`} className="link break-all">
            {name}
          </Link>{" "}
          since <ExactTime at={since} />
          {until !== null && (
            <>
              {" "}
              until <ExactTime at={until} />
            </>
          )}
        </li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </ul>
  );
}
