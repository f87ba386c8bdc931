import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { runtime } from "@/lib/runtime";
import { equalSecret } from "@/lib/secrets";
import { ownAddresses } from "@/lib/server/own-addresses";
import { isSetUp } from "@/lib/users/is-set-up";
import { SetupForm } from "./setup-form";

export const metadata: Metadata = { title: "Set up" };

/** First start. Gone once the server is set up. */
export default async function SetupPage({ searchParams }: { searchParams: Promise<{ code?: string | string[] }> }) {
  const ctx = runtime();
  if (await isSetUp(ctx)) notFound();
  const { code } = await searchParams;
  const { hostname, addresses, kind } = ctx.env;
  const expected = ctx.setupCode();
  const isKnown = typeof code === "string" && expected !== null && equalSecret(code, expected);
  return (
    <SetupForm
      initial={{
        code: typeof code === "string" ? code : "",
        hostname: hostname ?? "",
        // The machine's addresses are for whoever holds the code, not for everybody who finds the port.
        addresses: (isKnown ? (addresses.length > 0 ? addresses : ownAddresses()) : []).join("\n"),
        kind: kind ?? "web-server",
        nameservers: "",
      }}
    />
  );
}
