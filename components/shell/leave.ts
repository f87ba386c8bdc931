import { signOut } from "@/app/(auth)/sign-out";
import { toastActionError } from "@/components/live/use-action";

/** Ends this session or all of them, and leaves for the sign-in page with a fresh document: nothing of the session stays in memory. */
export async function leave(everywhere: boolean): Promise<void> {
  const result = await signOut({ everywhere });
  if (!result.ok && result.error.code !== "unauthenticated") return toastActionError(result.error);
  window.location.assign("/sign-in");
}
