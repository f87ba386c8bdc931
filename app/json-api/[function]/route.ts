import { answerApi } from "@/lib/compat/whm/api1";
import { keepEncoding } from "@/lib/net/keep-encoding";
import { runtime as server } from "@/lib/runtime";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

type Route = { params: Promise<{ function: string }> };

/** WHM API 1. */
async function answer(request: Request, { params }: Route): Promise<Response> {
  return keepEncoding(await answerApi(server(), (await params).function, request));
}

export const GET = answer;
export const POST = answer;
