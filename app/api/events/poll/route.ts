import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { accountFeed } from "@/lib/events/account-feed";
import { allowedTopics } from "@/lib/events/topic-filter";
import { runtime } from "@/lib/runtime";

/** The same hints for pages that no event reaches (components/live): a version for each of `?topics=zones,zone:example.com.`, to compare. */
export async function GET(request: Request): Promise<Response> {
  try {
    const ctx = runtime();
    const actor = await actorFor(request);
    const topics = await allowedTopics(ctx, actor, new URL(request.url).searchParams.get("topics") ?? "");
    const versions = accountFeed(ctx, actor).versions(topics);
    return Response.json({ versions }, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return routeError(error);
  }
}
