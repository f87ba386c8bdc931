"use server";

import { redirect } from "next/navigation";
import type { ActionResult } from "@/lib/auth/action-result";
import { openSession } from "@/lib/auth/session-cookie";
import { settle } from "@/lib/auth/settle";
import { AppError } from "@/lib/errors";
import { runtime } from "@/lib/runtime";
import { equalSecret } from "@/lib/secrets";
import { completeSetup } from "@/lib/users/setup";

/** The form's fields as typed, without the passwords. */
export interface SetupFields {
  readonly code: string;
  readonly hostname: string;
  readonly addresses: string;
  readonly kind: "web-server" | "dns-only";
  readonly nameservers: string;
}

export interface SetupState {
  readonly fields: SetupFields;
  readonly result: ActionResult<never> | null;
}

/** Sets the server up and signs root in. A plain form post: works without JavaScript. */
export async function setUpServer(_before: SetupState, form: FormData): Promise<SetupState> {
  const text = (name: string) => String(form.get(name) ?? "");
  const fields: SetupFields = {
    code: text("code"),
    hostname: text("hostname"),
    addresses: text("addresses"),
    kind: text("kind") === "dns-only" ? "dns-only" : "web-server",
    nameservers: text("nameservers"),
  };
  const result = await settle(async () => {
    const ctx = runtime();
    const { code, ...server } = fields;
    checkCode(ctx.setupCode(), code.trim());
    if (text("password") !== text("again"))
      throw new AppError("invalid-input", "The two passwords differ.", {
        fields: { again: "This is not the same password." },
      });
    await openSession(ctx, await completeSetup(ctx, { ...server, password: text("password") }));
    redirect("/");
  });
  return { fields, result };
}

/** Whoever has the code can read the server's terminal or log, so it is theirs. */
function checkCode(expected: string | null, given: string): void {
  if (expected !== null && equalSecret(given, expected)) return;
  throw new AppError("invalid-input", "The setup code is not right.", {
    fields: { code: "This is not the code that the server printed at its last start." },
  });
}
