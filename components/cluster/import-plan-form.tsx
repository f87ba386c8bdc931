"use client";

import { useState } from "react";
import { importConfiguration } from "@/app/(panel)/cluster/import/actions";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { EmptyState } from "@/components/ui/empty-state";
import type { ConfigSource } from "@/lib/cluster/whm-import/config-files";
import type { ImportOption, ImportPlan, PlannedOption } from "@/lib/cluster/whm-import/import";
import type { MemberProblem } from "@/lib/members/connection-problem";
import { ImportMember, type MemberChoice } from "./import-member";

interface ImportPlanFormProps {
  source: ConfigSource;
  plan: ImportPlan;
  /** The account that root manages. */
  accountId: number | undefined;
  onImported: (words: string) => void;
}

const OPTION_WORDS: Readonly<Record<ImportOption, (value: PlannedOption["after"]) => string>> = {
  isEnabled: () => "Enable DNS clustering",
  failureThreshold: (value) =>
    value === 0
      ? "Keep all cluster members online at all times"
      : `Disable a member after ${value} failures in a row (failure threshold)`,
  notifyOnDisable: (value) =>
    value === true
      ? "Receive a notification when an unresponsive cluster member is disabled"
      : "Receive no notification when an unresponsive cluster member is disabled",
};

/** What would be taken over, with a tick box for each part. What is ready is ticked; all of it is done, or nothing. */
export function ImportPlanForm({ source, plan, accountId, onImported }: ImportPlanFormProps) {
  const [choices, setChoices] = useState<Readonly<Record<string, MemberChoice>>>(() => initialChoices(plan));
  const [options, setOptions] = useState<readonly ImportOption[]>(plan.options.map(({ option }) => option));
  const [trustsIps, setTrustsIps] = useState(plan.trustedIps.length > 0);
  const [found, setFound] = useState<Readonly<Record<string, MemberProblem>>>({});
  const run = useAction(importConfiguration);
  const ticked = plan.members.filter(({ key }) => choices[key]?.isTicked);

  const submit = async () => {
    const members = ticked.map(({ key }) => ({ key, token: choices[key]?.token ?? "", pin: choices[key]?.pin ?? "" }));
    const request = { source, accountId, digest: plan.digest, members, options: [...options], trustedIps: trustsIps };
    const result = await run.run(request);
    setFound(result && !result.applied ? result.problems : {});
    if (result?.applied) onImported(`Imported. Servers added: ${result.members}.`);
  };
  const isEmpty = plan.members.length + plan.options.length + plan.trustedIps.length === 0;
  return (
    <Card title="What is imported" flush>
      {isEmpty ? (
        <EmptyState title="Nothing to import">
          {plan.only === null
            ? "The configuration has no servers, and its options are those of here."
            : `The configuration has no servers of ${plan.only}.`}
        </EmptyState>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {Object.keys(found).length > 0 && (
            <Banner tone="bad" live title="Nothing was imported." className="m-4">
              Not every ticked server can be added. What is in the way stands beside it: put it right, or untick the
              server.
            </Banner>
          )}
          <ul aria-label="Servers" className="divide-y divide-line">
            {plan.members.map((member) => (
              <ImportMember
                key={member.key}
                member={member}
                choice={choices[member.key] ?? { isTicked: false, token: "", pin: "" }}
                problem={found[member.key] ?? member.problem}
                onChange={(choice) => setChoices((before) => ({ ...before, [member.key]: choice }))}
              />
            ))}
          </ul>
          {plan.options.length + plan.trustedIps.length > 0 && (
            <fieldset className="flex flex-col gap-2 border-line border-t p-4">
              <legend className="sr-only">Options</legend>
              {plan.options.map(({ option, after }) => (
                <Checkbox
                  key={option}
                  label={OPTION_WORDS[option](after)}
                  checked={options.includes(option)}
                  onChange={(event) =>
                    setOptions(event.target.checked ? [...options, option] : options.filter((one) => one !== option))
                  }
                />
              ))}
              {plan.trustedIps.length > 0 && (
                <Checkbox
                  label="Trust the remote nameserver IPs that were entered by hand"
                  help={plan.trustedIps.join(", ")}
                  checked={trustsIps}
                  onChange={(event) => setTrustsIps(event.target.checked)}
                />
              )}
            </fieldset>
          )}
          <div className="border-line border-t p-4">
            <Button
              type="submit"
              variant="primary"
              pending={run.pending}
              disabled={ticked.length + options.length === 0 && !trustsIps}
            >
              Import what is ticked
            </Button>
          </div>
        </form>
      )}
    </Card>
  );
}

/** Servers that answered as they should are ticked; the others wait for what is missing. */
function initialChoices({ members }: ImportPlan): Record<string, MemberChoice> {
  return Object.fromEntries(
    members.map(({ key, obstacle, hasToken, problem }) => [
      key,
      { isTicked: obstacle === null && hasToken && problem === null, token: "", pin: "" },
    ]),
  );
}
