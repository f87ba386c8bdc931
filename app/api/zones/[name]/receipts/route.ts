import { zoneOfPath } from "@/components/zones/zone-path";
import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { zoneReceipts } from "@/lib/zones/receipts";

/** The newest change of a zone at every target, for its page. */
export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  try {
    const actor = await actorFor(request);
    const receipts = await zoneReceipts(runtime(), actor, { name: zoneOfPath((await params).name) ?? "" });
    return Response.json(receipts, { headers: { "cache-control": "private, no-store" } });
  } catch (error) {
    return routeError(error);
  }
}
