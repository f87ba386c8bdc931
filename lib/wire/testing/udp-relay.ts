/**
 * Stands between a test and a real nameserver, over UDP only: nothing listens on the TCP port. Fidelity: datagrams are handed on as they are, in both directions;
 * as an old server it answers questions with EDNS with FORMERR, as RFC 6891 §7 tells of them, and as a firewall it drops what it is told to.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import type { DnsAddress } from "@/lib/wire/dns-address";

export interface UdpRelay {
  readonly server: DnsAddress;
  /** "old": it does not know EDNS; "drops-edns": what it does not know it drops; "silent": everything. */
  behaviour: "plain" | "old" | "drops-edns" | "silent";
  stop(): void;
}

export async function startUdpRelay(upstream: DnsAddress): Promise<UdpRelay> {
  const front = createSocket("udp4");
  const backs = new Set<Socket>();
  front.bind(0, "127.0.0.1");
  await once(front, "listening");
  const relay: UdpRelay = {
    server: { address: "127.0.0.1", port: front.address().port },
    behaviour: "plain",
    stop() {
      front.close();
      for (const back of backs) back.close();
    },
  };
  const handOn = (query: Buffer, from: RemoteInfo) => {
    const back = createSocket("udp4");
    backs.add(back);
    back.once("message", (answer) => {
      front.send(answer, from.port, from.address);
      backs.delete(back);
      back.close();
    });
    back.send(query, upstream.port, upstream.address);
  };
  front.on("message", (query, from) => {
    const hasEdns = query.readUInt16BE(10) > 0;
    if (relay.behaviour === "silent" || (relay.behaviour === "drops-edns" && hasEdns)) return;
    if (relay.behaviour !== "old" || !hasEdns) return handOn(query, from);
    const refusal = Buffer.from(query.subarray(0, 12));
    refusal.writeUInt16BE(0x8001, 2);
    refusal.fill(0, 4);
    front.send(refusal, from.port, from.address);
  });
  return relay;
}
