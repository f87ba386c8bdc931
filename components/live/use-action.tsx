"use client";

import { unstable_rethrow } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { ActionError, ActionResult } from "@/lib/auth/action-result";

interface UseActionOptions<T> {
  onSuccess?: (data: T) => void;
  /** Errors that belong to fields or that the page shows itself; return true when it did, otherwise a toast shows the message. */
  onError?: (error: ActionError) => boolean;
}

/** Shows why an action was refused. An ended session gets a link that opens sign-in beside the page, so that nothing typed is lost. */
export function toastActionError(error: ActionError): void {
  if (error.code !== "unauthenticated") {
    toast.error(error.message);
    return;
  }
  toast.error(error.message, {
    id: "signed-out",
    duration: 60_000,
    action: { label: "Sign in", onClick: () => window.open("/sign-in?to=/signed-in", "_blank", "noopener") },
  });
}

/**
 * Calls a server action (see lib/auth/action) from a client component.
 * @returns `run` resolves to the data, or to undefined when it failed and the user was told; `error` is of the last call.
 */
export function useAction<I, T>(call: (input: I) => Promise<ActionResult<T>>, options: UseActionOptions<T> = {}) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const run = async (input: I): Promise<T | undefined> => {
    setPending(true);
    try {
      const result = await call(input);
      setError(result.ok ? null : result.error);
      if (!result.ok) {
        if (!options.onError?.(result.error)) toastActionError(result.error);
        return undefined;
      }
      options.onSuccess?.(result.data);
      return result.data;
    } catch (error) {
      unstable_rethrow(error);
      // The request itself failed: no server, no network, or a newer version of the panel was installed meanwhile.
      toast.error("The server did not answer. Nothing is known to have changed; check the connection and try again.");
      return undefined;
    } finally {
      setPending(false);
    }
  };
  return { run, pending, error, clearError: () => setError(null) };
}
