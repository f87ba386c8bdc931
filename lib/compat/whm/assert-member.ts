import { authorize } from "@/lib/access/authorize";
import { assertTrusted } from "@/lib/trusted-ips/assert-trusted";
import type { Call } from "./call";

/**
 * Lets cluster members in: callers with the privilege, from an address that they may call from.
 * @param name what is called
 * @throws AppError "forbidden"
 */
export async function assertMember({ server, actor }: Pick<Call, "server" | "actor">, name: string): Promise<void> {
  authorize(actor, "cluster.member");
  await assertTrusted(server, actor, name);
}
