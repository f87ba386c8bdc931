import type { Fleet } from "./fleet";
import { until } from "./settled";

/** How often a member was disabled, and people were told of it. */
export interface Told {
  readonly disabled: number;
  readonly begins: number;
  readonly ends: number;
  /** Everything that anybody was told. */
  readonly all: number;
}

/** Since the fleet began. */
export async function told({ web1 }: Fleet, memberId: number): Promise<Told> {
  const { client } = web1.db;
  const count = (event: string) => client.notice.count({ where: { event, memberId } });
  return {
    disabled: await client.auditEvent.count({ where: { action: "member.disable" } }),
    begins: await count("member-disabled"),
    ends: await count("member-back"),
    all: await client.notice.count(),
  };
}

/** The same after so many episodes that are over. */
export function after({ disabled, begins, ends, all }: Told, episodes: number): Told {
  return { disabled: disabled + episodes, begins: begins + episodes, ends: ends + episodes, all: all + 2 * episodes };
}

/** Waits for the mails. A recipient who got many gets the rest in one; no pause is waited for. */
export async function allMailsSent({ web1 }: Fleet): Promise<void> {
  const { noticeDelivery } = web1.db.client;
  await until("every mail is sent", async () => {
    await noticeDelivery.updateMany({ where: { state: "waiting" }, data: { nextAt: 0n } });
    await noticeDelivery.updateMany({ where: { state: "sent" }, data: { sentAt: 0n } });
    const waiting = await noticeDelivery.count({ where: { state: { not: "sent" } } });
    return waiting === 0 ? [] : [`${waiting} wait`];
  });
}
