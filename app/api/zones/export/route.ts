import { z } from "zod";
import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { runtime } from "@/lib/runtime";
import { exportZone } from "@/lib/zones/queries";
import { zoneName } from "@/lib/zones/schemas";
import { TAR_END, tarEntry } from "./tar";

const names = z.array(zoneName).min(1).max(100_000);

/** The selected zones as one .tar.gz of zone files, made while it is sent. A zone that was deleted since is left out. */
export async function POST(request: Request): Promise<Response> {
  try {
    const actor = await actorFor(request);
    const form = await request.formData();
    const wanted = names.parse(
      String(form.get("names") ?? "")
        .split(/\s+/)
        .filter(Boolean),
    );
    const ctx = runtime();
    const mtime = Math.floor(ctx.clock.now() / 1_000);
    async function* archive(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      for (const name of wanted) {
        try {
          const { fileName, text } = await exportZone(ctx, actor, name);
          yield new Uint8Array(tarEntry(fileName, text, mtime));
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== "not-found") throw error;
        }
      }
      yield TAR_END;
    }
    const entries = archive();
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const { done, value } = await entries.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    }).pipeThrough(new CompressionStream("gzip"));
    const day = new Date(ctx.clock.now()).toISOString().slice(0, 10);
    return new Response(body, {
      headers: {
        "content-type": "application/gzip",
        "content-disposition": `attachment; filename="zones-${day}.tar.gz"`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    return routeError(error);
  }
}
