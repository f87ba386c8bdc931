import { applicationFolder } from "@/lib/application-folder";
import { setPageHeaders } from "@/lib/auth/page-headers";
import { logger } from "@/lib/logger";
import { runtime } from "@/lib/runtime";
import { bodyRefusal, refuseBody } from "./body-limit";
import { listenInternally } from "./internal-listener";
import type { RequestHandler } from "./listener";

const log = logger("pages");

/** Next, prepared. Import and preparation come after the runtime is set: pages and routes read it. */
export interface Pages {
  readonly handle: RequestHandler;
  close(): Promise<void>;
}

export async function preparePages(options: {
  isDevelopment: boolean;
  hostname: string;
  port: number;
}): Promise<Pages> {
  const { default: next } = await import("next");
  const app = next({
    dev: options.isDevelopment,
    dir: applicationFolder(),
    hostname: options.hostname,
    port: options.port,
    customServer: true,
    quiet: true,
  });
  const internal = await listenInternally((request, response) =>
    app
      .getRequestHandler()(request, response)
      .catch((error: unknown) => {
        log.error("A page could not be rendered.", { path: request.url?.split("?")[0], error });
        response.destroy();
      }),
  );
  process.env.__NEXT_PRIVATE_ORIGIN = internal.origin;
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    async handle(request, response) {
      const refusal = await bodyRefusal(runtime(), request);
      if (refusal) return refuseBody(response, refusal);
      internal.mark(request.headers);
      setPageHeaders(request, response, options);
      await handle(request, response);
    },
    async close() {
      await internal.close();
      await app.close();
    },
  };
}
