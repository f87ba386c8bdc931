import { SERVER_HEADER, TRUST_ESTABLISHED } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { WireAnswer, type WireRequest } from "@/lib/net/exchange";
import { acceptTrust } from "@/lib/trust/accept";
import { assertMember } from "./assert-member";
import type { WhmServer } from "./call";
import { callerOf } from "./credentials";
import { failureHeaders, failureOf } from "./failure";
import { readForm } from "./form";

/** The page of WHM that a server posts to when *Setup Reverse Trust Relationship* is ticked there. */
export const TRUST_PAGE = "trustclustermaster.cgi";

const MAX_BODY = 65_536;

/**
 * Answers it: stores the server that asks as a member. Never throws. What says "has been established" is success to every WHM; everything else is told as
 * member commands tell it. `recurse` is not read: nothing is ever set up in the other direction from here, whatever it says. By POST only, and from the body
 * only: the form holds a token, which has no business in an address that proxies log.
 */
export async function answerTrustPage(server: WhmServer, request: WireRequest): Promise<WireAnswer> {
  try {
    const actor = await callerOf(server, request);
    await assertMember({ server, actor }, TRUST_PAGE);
    if (request.method !== "POST") throw new AppError("invalid-input", "Send this form by POST.");
    const url = new URL(request.url);
    url.search = "";
    const { method, headers, body } = request;
    const form = await readForm({ url: url.href, method, headers, body }, { maxBytes: MAX_BODY, plusIsSpace: false });
    const [pin, serverId] = [form.get("pin"), request.headers.get(SERVER_HEADER) ?? ""];
    const host = await acceptTrust(server, actor, {
      host: form.required("clustermaster"),
      username: form.required("user"),
      token: form.required("pass"),
      address: request.headers.get(CLIENT_HEADER) ?? "",
      ...(pin === undefined ? {} : { pin }),
      ...(serverId === "" ? {} : { serverId }),
    });
    return text(`The trust relationship with ${host} ${TRUST_ESTABLISHED}.\n`);
  } catch (error) {
    const failure = failureOf(error, TRUST_PAGE);
    return text(`Error: ${failure.reason}\n`, failure.status, failureHeaders(failure));
  }
}

function text(
  body: string,
  status = 200,
  headers: Record<string, string> = { "cache-control": "no-store" },
): WireAnswer {
  return new WireAnswer(body, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}
