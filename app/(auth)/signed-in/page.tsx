import type { Metadata } from "next";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { currentActor } from "@/lib/auth/session";

export const metadata: Metadata = { title: "Signed in" };

/** Where sign-in ends that was opened beside a page whose session had run out. */
export default async function SignedInPage() {
  const { username } = await currentActor();
  return (
    <Card className="mx-auto max-w-sm">
      <h1 className="mb-2 font-semibold text-lg">You are signed in as {username}</h1>
      <p>
        Go back to the tab you came from and save again: what you entered there is still in place. Or open the{" "}
        <Link href="/" className="link">
          first page
        </Link>{" "}
        here.
      </p>
    </Card>
  );
}
