import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { zonesNotEverywhere } from "@/lib/proof/queries-everywhere";
import { runtime } from "@/lib/runtime";

/** How many of the asker's zones are not yet served everywhere: what the menu's badge asks for when something changed. */
export async function GET(request: Request): Promise<Response> {
  try {
    const actor = await actorFor(request);
    return Response.json(
      { notEverywhere: await zonesNotEverywhere(runtime(), actor) },
      { headers: { "cache-control": "no-store" } },
    );
  } catch (error) {
    return routeError(error);
  }
}
