import { Banner } from "@/components/ui/banner";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { CONTEST_EFFECT, CONTEST_END, CONTEST_REMEDY, contestSentence } from "@/components/zones/contest-words";
import { zonePath } from "@/components/zones/zone-path";
import type { ContestView } from "@/lib/zones/queries-contest";
import { KeepOneWriter } from "./keep-one-writer";

interface ContestBannerProps {
  name: string;
  displayName: string;
  contest: ContestView;
  /** Whether the asker may remove the mark. */
  mayKeep: boolean;
}

/** Two servers write the zone: what comes of it, and what to do. */
export function ContestBanner({ name, displayName, contest, mayKeep }: ContestBannerProps) {
  return (
    <Banner
      tone="warn"
      title={contestSentence(contest)}
      action={mayKeep && <KeepOneWriter name={name} displayName={displayName} />}
      className="mb-4"
    >
      <p>
        Seen last <RelativeTime at={contest.at} />. {CONTEST_EFFECT}{" "}
        {mayKeep ? CONTEST_REMEDY : "Ask root to see to it that one server writes it."} {CONTEST_END}
      </p>
      <Link href={`${zonePath(name)}/history`} className="link">
        See what was replaced
      </Link>
    </Banner>
  );
}
