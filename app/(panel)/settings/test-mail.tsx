"use client";

import { useState } from "react";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { testMail } from "./actions";

/** Sends one mail with the saved settings and shows what the mail server said. @param to whom it is suggested for */
export function TestMail({ to }: { to: string }) {
  const [answer, setAnswer] = useState<{ isTaken: boolean; reply: string } | null>(null);
  const { run, pending, error } = useAction(testMail, {
    onError: ({ fields }) => fields !== undefined,
    onSuccess: setAnswer,
  });
  return (
    <form
      noValidate
      className="mt-6 flex flex-col gap-3 border-line border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        setAnswer(null);
        void run({ to: String(new FormData(event.currentTarget).get("to") ?? "").trim() });
      }}
    >
      <Field
        label="Send a test mail to"
        help="With the settings as they are saved. It may take half a minute."
        error={error?.fields?.to}
        required
      >
        <Input name="to" type="email" defaultValue={to} />
      </Field>
      <Button type="submit" pending={pending} className="self-start">
        Send test mail
      </Button>
      {answer && (
        <Banner
          tone={answer.isTaken ? "ok" : "bad"}
          title={answer.isTaken ? "The mail server took the test mail" : "The test mail was not sent"}
          live
        >
          {answer.reply}
        </Banner>
      )}
    </form>
  );
}
