import { mayScrape } from "@/lib/metrics/access";
import { runtime } from "@/lib/runtime";

export const dynamic = "force-dynamic";

/** For Prometheus: with the token of the page Settings, or from an address that stands there. */
export async function GET(request: Request): Promise<Response> {
  const ctx = runtime();
  const access = await mayScrape(ctx, request.headers);
  const headers = { "cache-control": "no-store" };
  if (access === "off") return new Response("Not found\n", { status: 404, headers });
  if (access === "no")
    return new Response(
      "Send the metrics token as “Authorization: Bearer TOKEN”, or add this address on the page Settings.\n",
      {
        status: 401,
        headers: { ...headers, "www-authenticate": "Bearer" },
      },
    );
  return new Response(await ctx.metrics.text(), { headers: { ...headers, "content-type": ctx.metrics.contentType } });
}
