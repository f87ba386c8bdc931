import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { safePath } from "@/lib/auth/safe-path";
import { signedInActor } from "@/lib/auth/session";
import { runtime } from "@/lib/runtime";
import { isSetUp } from "@/lib/users/is-set-up";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ to?: string | string[] }> }) {
  if (!(await isSetUp(runtime()))) redirect("/setup");
  const { to } = await searchParams;
  const target = safePath(typeof to === "string" ? to : undefined);
  if (await signedInActor()) redirect(target);
  return <SignInForm to={target} />;
}
