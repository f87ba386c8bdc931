import { applicationFolder } from "@/lib/application-folder";
import type { RequestHandler } from "./listener";

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
  await app.prepare();
  const handle = app.getRequestHandler();
  return { handle: (request, response) => handle(request, response), close: () => app.close() };
}
