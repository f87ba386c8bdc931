"use client";

import { useActionState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type SignInState, signInWithPassword } from "./actions";

const EMPTY: SignInState = { username: "", result: null };

/** @param to path of this panel to go to afterwards. */
export function SignInForm({ to }: { to: string }) {
  const [{ username, result }, submit, isPending] = useActionState(signInWithPassword, EMPTY);
  const error = result?.ok === false ? result.error : null;
  return (
    <Card className="mx-auto max-w-sm">
      <h1 className="mb-4 font-semibold text-lg">Sign in</h1>
      <form action={submit} className="flex flex-col gap-4">
        {error && !error.fields && (
          <Banner tone="bad" live>
            {error.message}
          </Banner>
        )}
        <input type="hidden" name="to" value={to} />
        <Field label="Username" error={error?.fields?.username}>
          <Input
            name="username"
            autoComplete="username"
            defaultValue={username}
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </Field>
        <Field label="Password" error={error?.fields?.password}>
          <Input name="password" type="password" autoComplete="current-password" required />
        </Field>
        <Button type="submit" variant="primary" pending={isPending}>
          Sign in
        </Button>
      </form>
    </Card>
  );
}
