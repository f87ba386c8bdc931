"use client";

import { useActionState, useRef } from "react";
import { changeClusterOptions, type EnteredOptions } from "@/app/(panel)/cluster/actions";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox, Radio } from "@/components/ui/checkbox";
import { FieldSet } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface ClusterOptionsFormProps {
  /** Failed commands; 0: never. */
  failureThreshold: number;
  notifyOnDisable: boolean;
  autoEnable: boolean;
  /** WHM's own default. */
  defaultThreshold: number;
}

/** Global Cluster Options. A plain form post, as `ClusterStatusForm`. */
export function ClusterOptionsForm(props: ClusterOptionsFormProps) {
  const [{ entered, error }, change, isPending] = useActionState(changeClusterOptions, { entered: null, error: null });
  const custom = useRef<HTMLInputElement>(null);
  const { threshold, customThreshold, notify, autoEnable } = entered ?? enteredOf(props);
  const wrongNumber = error?.fields?.customThreshold;
  const radio = (value: string) => ({ name: "threshold", value, defaultChecked: value === threshold });
  return (
    <form action={change} className="flex flex-col items-start gap-3">
      {error && !wrongNumber && (
        <Banner tone="bad" live>
          {error.message}
        </Banner>
      )}
      <FieldSet
        legend="Failure threshold for cluster members"
        help="Failed commands in a row, counted for each member and shown in its Status. A command that succeeds sets the count back to zero."
        error={wrongNumber}
      >
        <Radio {...radio("default")} label={`${props.defaultThreshold} (Default)`} help="Recommended." />
        <div>
          <Radio {...radio("custom")} ref={custom} label="Another number of failed commands" />
          <Input
            name="customThreshold"
            aria-label="Number of failed commands"
            aria-invalid={wrongNumber ? true : undefined}
            className="my-1 ml-5.5 w-24"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={customThreshold}
            onInput={() => {
              if (custom.current) custom.current.checked = true;
            }}
          />
          <p className="ml-5.5 text-muted text-xs">
            Raise it where servers or networks are often down for a while. More commands are then sent in vain.
          </p>
        </div>
        <Radio
          {...radio("never")}
          label="Keep all cluster members online at all times"
          help="However many commands fail. Unresponsive members then cost this server time at every change."
        />
      </FieldSet>
      <Checkbox
        name="notify"
        label="Receive a notification when Zonefleet disables an unresponsive cluster member"
        defaultChecked={notify}
      />
      <Checkbox
        name="autoEnable"
        label="Re-enable automatically when it answers again"
        help="A disabled member is asked now and then, less and less often, whether it answers. When it does it catches up, new edits first. Without this you enable it by hand. Accounts choose it for servers of their own."
        defaultChecked={autoEnable}
      />
      <Button type="submit" variant="primary" pending={isPending}>
        Change
      </Button>
    </form>
  );
}

function enteredOf(props: ClusterOptionsFormProps): EnteredOptions {
  const { failureThreshold, notifyOnDisable: notify, autoEnable, defaultThreshold } = props;
  if (failureThreshold === 0) return { threshold: "never", customThreshold: "", notify, autoEnable };
  if (failureThreshold === defaultThreshold) return { threshold: "default", customThreshold: "", notify, autoEnable };
  return { threshold: "custom", customThreshold: String(failureThreshold), notify, autoEnable };
}
