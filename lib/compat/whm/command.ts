import { parseStamp } from "@/lib/dns/zone-stamp";
import { MODE_HEADER, type PushMode, pushMode, SERVER_HEADER } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { memberForCaller } from "@/lib/members/caller";
import { plainAddress } from "@/lib/net/address-set";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import type { AnyAnswer } from "@/lib/net/exchange";
import { onceOnly } from "@/lib/zones/seen-commands";
import { type Sender, senderKey } from "@/lib/zones/writers";
import type { Call } from "./call";

/** A member command (`/scripts2/NAME_local`). Gives text, or a whole answer where text is not enough. @throws AppError, FormError */
export type Command = (call: Call) => Promise<string | AnyAnswer>;

/** A Zonefleet server that called, by the headers that it sends along; null: a WHM. */
export interface PeerCaller {
  readonly serverId: string;
  readonly mode: PushMode;
}

/** @throws AppError "invalid-input" for a mode that there is not */
export function peerCaller({ request }: Call): PeerCaller | null {
  const serverId = request.headers.get(SERVER_HEADER);
  if (serverId === null || serverId === "") return null;
  const mode = pushMode.safeParse(request.headers.get(MODE_HEADER));
  if (!mode.success) throw new AppError("invalid-input", `The header ${MODE_HEADER} has to say newest or overwrite.`);
  return { serverId, mode: mode.data };
}

/** The member that a call comes from, by its identity or its address; null when it is none. */
export async function originOf({ server, actor, request }: Call, peer: PeerCaller | null): Promise<number | null> {
  const member = await memberForCaller(server, {
    ...(peer ? { serverId: peer.serverId } : {}),
    address: request.headers.get(CLIENT_HEADER) ?? "",
    userId: actor.userId,
  });
  return member?.id ?? null;
}

/**
 * The server that a call comes from, member or not: it need not be one to write here.
 * @param text a zone that it sends, if any: the stamp in its first line names the server
 * @returns null when nothing tells it
 */
export function senderOf({ request }: Call, peer: PeerCaller | null, text: string): Sender | null {
  const address = plainAddress(request.headers.get(CLIENT_HEADER) ?? "") ?? "";
  if (!peer && address === "") return null;
  return { key: senderKey(peer?.serverId, address), name: parseStamp(text)?.hostname ?? null, address };
}

/** Does a WHM's command once by its `dnsuniqid`; a repetition is answered and changes nothing. */
export async function doOnce(call: Call, work: () => Promise<string>): Promise<string> {
  const id = call.form.get("dnsuniqid");
  if (id !== undefined && id.length > 200)
    throw new AppError("invalid-input", "“dnsuniqid” is longer than 200 characters.");
  // By user: what one account sent must not make another's command look done.
  const known = id === undefined || id === "" ? undefined : `${call.actor.userId}/${id}`;
  return (await onceOnly(call.server, known, work)) ?? "This command was carried out before.\n";
}
