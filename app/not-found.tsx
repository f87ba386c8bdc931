import type { Metadata } from "next";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { ScriptsRan } from "@/components/ui/scripts-ran";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center">
      <ScriptsRan />
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is nothing at this address"
        action={
          <Button asChild>
            <Link href="/">Go to the first page</Link>
          </Button>
        }
      >
        It may have been deleted or renamed, or it is not yours to see.
      </EmptyState>
    </main>
  );
}
