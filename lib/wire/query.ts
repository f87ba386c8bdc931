/** Asks a nameserver for a zone's SOA record: the proof that a zone is served, and in which version. */
import { type AskManyOptions, type AskOptions, askMany, type Reply } from "@/lib/wire/ask";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { encodeQuestion, TYPE_SOA } from "@/lib/wire/message";
import { malformedAnswer, readSoaAnswer, type SoaAnswer } from "@/lib/wire/soa-answer";

/**
 * Asks one server for one zone's SOA, over UDP from a random port of its own, then over TCP when the answer was truncated.
 * @param zone canonical name
 * @throws DriverError aborted, when the signal ends it. All else is an answer.
 */
export async function querySoa(server: DnsAddress, zone: string, options: AskOptions): Promise<SoaAnswer> {
  const [answer] = await querySoaMany(server, [zone], options);
  if (!answer) throw new RangeError("no answer for the question");
  return answer;
}

/**
 * Asks one server for many zones' SOA; see `askMany`.
 * @returns the answers in the order of `zones`
 * @throws as querySoa
 */
export function querySoaMany(
  server: DnsAddress,
  zones: readonly string[],
  options: AskManyOptions,
): Promise<SoaAnswer[]> {
  const questions = zones.map((zone) => encodeQuestion(zone, TYPE_SOA));
  return askMany(server, questions, options, (reply, index) => soaAnswer(server, zones[index] ?? "", reply));
}

function soaAnswer(server: DnsAddress, zone: string, reply: Reply): SoaAnswer {
  if (reply.status === "message") return readSoaAnswer(server, zone, reply.message, reply.header);
  if (reply.status === "malformed") return malformedAnswer(server, reply.what);
  return reply;
}
