import { randomAlphanumeric } from "@/lib/ids";
import { newMemberSchema } from "@/lib/members/schemas";
import { addMember, deleteMember } from "@/lib/members/service";
import { writeSettings } from "@/lib/settings/settings";
import { type LightMember, startLightMember } from "./light-member";
import type { Bench } from "./steps";

const ADDRESSES = ["127.0.0.6", "127.0.0.7", "127.0.0.8"] as const;

/**
 * Gives web1 three more members on sockets of this process, and has one die, one fall silent and one begin to lie. They stay members for as long as it takes: no
 * threshold disables them.
 * @returns the function that takes them out of the cluster
 */
export async function addIllMembers({ web1 }: Bench): Promise<() => Promise<void>> {
  const added: { readonly id: number; readonly member: LightMember }[] = [];
  for (const address of ADDRESSES) {
    const member = await startLightMember(address);
    const form = {
      ...{ backend: "whm", host: `${address}:${member.port}`, username: "root", token: randomAlphanumeric(32) },
      ...{ role: "sync", pin: member.pin },
    };
    const { id } = await addMember(web1, web1.root, newMemberSchema.parse(form));
    added.push({ id, member });
  }
  await web1.db.transaction((tx) => writeSettings(tx, "cluster", { failureThreshold: 0 }));
  const [dead, silent, lying] = added.map(({ member }) => member);
  dead?.close();
  if (silent) silent.state = "silent";
  if (lying) lying.state = "lying";
  return async () => {
    for (const { id, member } of added) {
      await deleteMember(web1, web1.root, { id });
      member.close();
    }
  };
}
