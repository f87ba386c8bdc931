import { runtime } from "@/lib/runtime";
import { readHealth } from "@/lib/server/health";

export const dynamic = "force-dynamic";

/** For load balancers and monitors, without sign-in: whether this panel can do its work. It says nothing about zones or members. */
export async function GET(): Promise<Response> {
  const health = await readHealth(runtime());
  return Response.json(health, {
    status: health.database === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
