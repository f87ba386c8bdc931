import type { AnyAnswer, WireRequest } from "@/lib/net/exchange";
import { answerApi } from "./api1";
import type { WhmServer } from "./call";
import { answerCommand } from "./scripts2";
import { answerTrustPage, TRUST_PAGE } from "./trust-page";

/**
 * Answers a request to one of WHM's surfaces by its path. Everything else of the server is none of its business.
 * @returns undefined for a path that is not WHM's
 */
export function answerWhm(server: WhmServer, request: WireRequest): Promise<AnyAnswer> | undefined {
  const [, surface, name = "", ...rest] = new URL(request.url).pathname.split("/");
  if (name === "" || rest.length > 0) return undefined;
  if (surface === "json-api") return answerApi(server, name, request);
  if (surface === "cgi" && name === TRUST_PAGE) return answerTrustPage(server, request);
  return surface === "scripts2" ? answerCommand(server, name, request) : undefined;
}
