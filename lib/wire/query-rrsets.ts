/** Asks a nameserver for RRsets, to compare what it answers with what it should. */
import { rdataFromMessage, typeCode } from "@/lib/dns/rdata/registry";
import { errorMessage } from "@/lib/errors";
import { type AskManyOptions, askMany, type Reply } from "@/lib/wire/ask";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { answerRecords, CLASS_IN, encodeQuestion, RCODE_NAMES } from "@/lib/wire/message";

export interface RRsetQuestion {
  /** Canonical name. */
  readonly owner: string;
  /** Canonical type name. */
  readonly type: string;
}

export type RRsetAnswer =
  /** `rdatas` in the order of the answer; empty: there is no such RRset. `ttl` is the lowest of the records; null without any. */
  | {
      readonly status: "answered";
      readonly isAuthoritative: boolean;
      readonly ttl: number | null;
      readonly rdatas: readonly string[];
    }
  /** Nothing can be said; `reason` is a sentence. */
  | { readonly status: "failed"; readonly reason: string };

/** @returns the answers in the order of the questions @throws DriverError aborted */
export function queryRRsets(
  server: DnsAddress,
  questions: readonly RRsetQuestion[],
  options: AskManyOptions,
): Promise<RRsetAnswer[]> {
  const encoded = questions.map(({ owner, type }) => encodeQuestion(owner, typeCode(type)));
  return askMany(server, encoded, options, (reply, index) => {
    const question = questions[index];
    if (!question) throw new RangeError("an answer without a question");
    return readRRset(server, question, reply);
  });
}

function readRRset(server: DnsAddress, { owner, type }: RRsetQuestion, reply: Reply): RRsetAnswer {
  const who = formatAddress(server);
  const failed = (what: string): RRsetAnswer => ({
    status: "failed",
    reason: `the answer of ${who} for ${owner} ${type} cannot be used: ${what}`,
  });
  if (reply.status === "malformed") return failed(reply.what);
  if (reply.status !== "message") return { status: "failed", reason: reply.reason };
  const { message, header } = reply;
  // NXDOMAIN: there is no such name, and so no such RRset.
  if (header.rcode !== 0 && header.rcode !== 3)
    return failed(RCODE_NAMES[header.rcode] ?? `response code ${header.rcode}`);
  try {
    const rdatas: string[] = [];
    let ttl: number | null = null;
    for (const record of answerRecords(message, header)) {
      if (record.owner !== owner || record.class !== CLASS_IN || record.type !== typeCode(type)) continue;
      rdatas.push(rdataFromMessage(type, message, record.rdataStart, record.rdataEnd - record.rdataStart));
      ttl = Math.min(ttl ?? record.ttl, record.ttl);
    }
    return { status: "answered", isAuthoritative: header.isAuthoritative, ttl, rdatas };
  } catch (error) {
    return failed(errorMessage(error));
  }
}
