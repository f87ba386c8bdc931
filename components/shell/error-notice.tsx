"use client";

import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ScriptsRan } from "@/components/ui/scripts-ran";

interface ErrorNoticeProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** What stands in place of a page that failed. The digest is also in the server's log. */
export function ErrorNotice({ error, reset }: ErrorNoticeProps) {
  return (
    <div>
      <ScriptsRan />
      <h1 className="mb-3 font-semibold text-xl">This page failed</h1>
      <Banner
        tone="bad"
        live
        title="The server could not make this page."
        action={
          <Button size="sm" onClick={() => reset()}>
            Try again
          </Button>
        }
      >
        {error.digest ? (
          <>
            Its log tells more under <code>{error.digest}</code>.
          </>
        ) : (
          "Try again; if it stays so, the server's log tells more."
        )}
      </Banner>
    </div>
  );
}
