import { runtime } from "@/lib/runtime";
import { readReadiness } from "@/lib/server/health";

export const dynamic = "force-dynamic";

/** For load balancers and service managers, without sign-in: whether this server can take work now, and which part cannot. It says nothing about zones or members. */
export async function GET(): Promise<Response> {
  const { isReady, ...parts } = await readReadiness(runtime());
  return Response.json(
    { status: isReady ? "ready" : "not-ready", ...parts },
    { status: isReady ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
