import type { Fleet } from "./fleet";

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
