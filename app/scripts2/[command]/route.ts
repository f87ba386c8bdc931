import { answerCommand } from "@/lib/compat/whm/scripts2";
import { keepEncoding } from "@/lib/net/keep-encoding";
import { runtime as server } from "@/lib/runtime";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

type Route = { params: Promise<{ command: string }> };

/** WHM's member commands. */
async function answer(request: Request, { params }: Route): Promise<Response> {
  return keepEncoding(await answerCommand(server(), (await params).command, request));
}

export const GET = answer;
export const POST = answer;
