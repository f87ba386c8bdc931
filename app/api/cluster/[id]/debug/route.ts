import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { exportDebugLog } from "@/lib/members/debug-service";
import { memberIdSchema } from "@/lib/members/schemas";
import { runtime } from "@/lib/runtime";

/** What debug mode recorded of a member, as a file to download. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  try {
    const actor = await actorFor(request);
    const { id } = memberIdSchema.parse(await params);
    const { fileName, text } = await exportDebugLog(runtime(), actor, id);
    return new Response(new Uint8Array(text), {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": `attachment; filename="${fileName}"`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    return routeError(error);
  }
}
