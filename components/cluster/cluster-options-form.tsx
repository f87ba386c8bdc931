"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { changeClusterOptions } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox, Radio } from "@/components/ui/checkbox";
import { FieldSet } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface ClusterOptionsFormProps {
  /** Failed commands; 0: never. */
  failureThreshold: number;
  notifyOnDisable: boolean;
  /** WHM's own default. */
  defaultThreshold: number;
}

type Choice = "default" | "custom" | "never";

/** Global Cluster Options. */
export function ClusterOptionsForm({ failureThreshold, notifyOnDisable, defaultThreshold }: ClusterOptionsFormProps) {
  const router = useRouter();
  const saved: Choice = failureThreshold === 0 ? "never" : failureThreshold === defaultThreshold ? "default" : "custom";
  const [choice, setChoice] = useState<Choice>(saved);
  const [number, setNumber] = useState(saved === "custom" ? String(failureThreshold) : "");
  const [notify, setNotify] = useState(notifyOnDisable);
  const change = useAction(changeClusterOptions, {
    onSuccess: () => router.push("/cluster/changed/options"),
    onError: (error) => error.fields?.customThreshold !== undefined,
  });
  const radio = (value: Choice) => ({
    name: "threshold",
    value,
    checked: choice === value,
    onChange: () => setChoice(value),
  });
  return (
    <form
      method="post"
      className="flex flex-col items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void change.run({ threshold: choice, customThreshold: number, notify });
      }}
    >
      <FieldSet
        legend="Failure threshold for cluster members"
        help="Failed commands in a row, counted for each member and shown in its Status. A command that succeeds sets the count back to zero."
        error={change.error?.fields?.customThreshold}
      >
        <Radio {...radio("default")} label={`${defaultThreshold} (Default)`} help="Recommended." />
        <div className="flex flex-wrap items-start gap-x-2">
          <Radio
            {...radio("custom")}
            label="Another number of failed commands"
            help="Raise it where servers or networks are often down for a while. More commands are then sent in vain."
          />
          <Input
            aria-label="Failed commands"
            aria-invalid={change.error?.fields?.customThreshold ? true : undefined}
            className="ml-5.5 w-24"
            inputMode="numeric"
            autoComplete="off"
            value={number}
            onFocus={() => setChoice("custom")}
            onChange={(event) => setNumber(event.target.value)}
          />
        </div>
        <Radio
          {...radio("never")}
          label="Keep all cluster members online at all times"
          help="However many commands fail. Unresponsive members then cost this server time at every change."
        />
      </FieldSet>
      <Checkbox
        label="Receive a notification when Zonefleet disables an unresponsive cluster member"
        checked={notify}
        onChange={(event) => setNotify(event.target.checked)}
      />
      <Button type="submit" variant="primary" pending={change.pending}>
        Change
      </Button>
    </form>
  );
}
