import { toast } from "sonner";
import { checkAdded } from "./actions";

/** Long enough to be read beside the new zone's page. */
const SHOWN_MS = 20_000;

/** Says what is doubtful about a domain that was just added, when that is known; nothing waits for it. */
export async function warnOfDomain(name: string): Promise<void> {
  const result = await checkAdded({ name });
  if (!result.ok) return;
  for (const warning of result.data) toast.warning(warning, { duration: SHOWN_MS });
}
