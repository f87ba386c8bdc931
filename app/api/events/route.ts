import { routeError } from "@/lib/auth/route-error";
import { actorFor } from "@/lib/auth/session";
import { eventStream } from "@/lib/events/event-stream";
import { allowedTopics } from "@/lib/events/topic-filter";
import { runtime } from "@/lib/runtime";

/** Live hints for open pages (components/live): `?topics=zones,zone:example.com.` */
export async function GET(request: Request): Promise<Response> {
  try {
    const ctx = runtime();
    const actor = await actorFor(request);
    const topics = await allowedTopics(ctx, actor, new URL(request.url).searchParams.get("topics") ?? "");
    const isStillSignedIn = () =>
      actorFor(request).then(
        () => true,
        () => false,
      );
    return new Response(eventStream(ctx, { actor, topics, signal: request.signal, isStillSignedIn }), {
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
