import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { eventStream } from "@/lib/events/event-stream";
import { allowedTopics } from "@/lib/events/topic-filter";
import { REMEMBERED_MS } from "@/lib/live/bus";
import { runtime } from "@/lib/runtime";

/** Live hints for open pages (components/live): `?topics=zones,zone:example.com.&age=MS`, the age of what the page shows; "unknown" after it may have missed something. */
export async function GET(request: Request): Promise<Response> {
  try {
    const ctx = runtime();
    const actor = await actorFor(request);
    const { searchParams } = new URL(request.url);
    const topics = await allowedTopics(ctx, actor, searchParams.get("topics") ?? "");
    const age = searchParams.get("age");
    const ageMs = age === "unknown" ? null : Math.min(Math.max(Number(age) || 0, 0), REMEMBERED_MS);
    const isStillSignedIn = () =>
      actorFor(request).then(
        () => true,
        () => false,
      );
    return new Response(eventStream(ctx, { actor, topics, ageMs, signal: request.signal, isStillSignedIn }), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  } catch (error) {
    return routeError(error);
  }
}
