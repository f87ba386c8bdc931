import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { findPlaces } from "@/lib/search/find-places";

/** Zones and members for the command palette. */
export async function GET(request: Request): Promise<Response> {
  try {
    const actor = await actorFor(request);
    const text = new URL(request.url).searchParams.get("q") ?? "";
    return Response.json(await findPlaces(runtime(), actor, text), {
      headers: { "cache-control": "private, no-store" },
    });
  } catch (error) {
    return routeError(error);
  }
}
