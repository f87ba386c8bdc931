import type { z } from "zod";
import { SERVER_HEADER, type trustReply } from "@/lib/drivers/whm/protocol";
import { answerTrust } from "@/lib/trust/answer";
import type { ApiFunction } from "../api-function";
import { assertMember } from "../assert-member";

/** Whether the server that asks is a member here. `host` is its address; a Zonefleet server is known by its identity, and is told whether its entry works. */
const cluster_member_has_trust_with: ApiFunction = async ({ server, actor, form, request }) => {
  await assertMember({ server, actor }, "cluster_member_has_trust_with");
  const serverId = request.headers.get(SERVER_HEADER) ?? "";
  const althost = form.get("althost");
  const entry = await answerTrust(server, actor, {
    host: form.required("host"),
    ...(althost === undefined ? {} : { althost }),
    ...(serverId === "" ? {} : { serverId }),
  });
  const data: z.input<typeof trustReply> = {
    has_trust: entry ? 1 : 0,
    ...(entry?.works === undefined ? {} : { works: entry.works ? 1 : 0 }),
    ...(entry?.reason === undefined ? {} : { reason: entry.reason }),
  };
  return { data };
};

export const trustFunctions = { cluster_member_has_trust_with } satisfies Record<string, ApiFunction>;
