import { answerTrustPage } from "@/lib/compat/whm/trust-page";
import { keepEncoding } from "@/lib/net/keep-encoding";
import { runtime as server } from "@/lib/runtime";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Where a server posts that sets up a reverse trust with this one. */
async function answer(request: Request): Promise<Response> {
  return keepEncoding(await answerTrustPage(server(), request));
}

export const GET = answer;
export const POST = answer;
