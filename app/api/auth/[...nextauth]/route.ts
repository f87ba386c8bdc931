import NextAuth from "next-auth";
import { nextAuthOptions } from "@/lib/auth/next-auth-options";
import { runtime } from "@/lib/runtime";

interface RouteContext {
  params: Promise<{ nextauth: string[] }>;
}

function handle(request: Request, context: RouteContext): Promise<Response> {
  return NextAuth(request as never, context as never, nextAuthOptions(runtime()));
}

export { handle as GET, handle as POST };
