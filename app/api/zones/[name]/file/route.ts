import { zoneOfPath } from "@/components/zones/zone-path";
import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { exportZone } from "@/lib/zones/queries";

/** A zone as a file to download. */
export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  try {
    const actor = await actorFor(request);
    const { fileName, text } = await exportZone(runtime(), actor, zoneOfPath((await params).name) ?? "");
    return new Response(text, {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-disposition": `attachment; filename="${fileName}"`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    return routeError(error);
  }
}
