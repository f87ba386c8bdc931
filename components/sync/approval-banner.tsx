import { Banner } from "@/components/ui/banner";
import { Link } from "@/components/ui/link";

/** Says that plans wait for a yes; nothing when none does. */
export function ApprovalBanner({ waiting }: { waiting: { readonly count: number; readonly firstId: number | null } }) {
  const { count, firstId } = waiting;
  if (count === 0 || firstId === null) return null;
  return (
    <div className="mb-4">
      <Banner tone="warn" title={count === 1 ? "1 plan waits for approval." : `${count} plans wait for approval.`}>
        It could do harm: nothing of it is done before somebody looks at it and agrees.{" "}
        <Link href={count === 1 ? `/synchronize/${firstId}` : "/synchronize"} className="link">
          {count === 1 ? "Look at it" : "Look at them"}
        </Link>
      </Banner>
    </div>
  );
}
