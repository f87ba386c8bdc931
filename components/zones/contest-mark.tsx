import { Status } from "@/components/ui/status";
import type { ContestView } from "@/lib/zones/queries-contest";
import { CONTEST_EFFECT, contestSentence } from "./contest-words";

/** That two servers write a zone, as shape and words. */
export function ContestMark({ contest }: { contest: ContestView }) {
  return (
    <Status kind="warning" title={`${contestSentence(contest)} ${CONTEST_EFFECT}`}>
      Two writers
    </Status>
  );
}
