"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { submitMember, submitNewMember, testMember, testNewMember } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import type { ActionError } from "@/lib/auth/action-result";
import type { SyncedNow } from "@/lib/engine/sync-now";
import type { Backend } from "@/lib/members/backends";
import type { ConnectionCheck } from "@/lib/members/check-connection";
import type { MemberProblem } from "@/lib/members/connection-problem";
import { dnsRole } from "@/lib/members/dns-role";
import type { TrustSetup } from "@/lib/trust/set-up";
import { clusterPath } from "./cluster-path";

/**
 * Actions of the remote configuration form. What is typed stays in the form itself, so that nothing typed before the page's scripts run is lost.
 * @param id the member that is edited; undefined: a new one
 * @param accountId whose cluster, when it is not one's own
 * @param savedPin the pin that was accepted before; empty: the system's roots decide
 */
export function useMemberForm(
  backend: Backend["value"],
  id: number | undefined,
  savedPin: string,
  accountId: number | undefined,
) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [pin, setPin] = useState(savedPin);
  const [result, setResult] = useState<ConnectionCheck | null>(null);
  const [trust, setTrust] = useState<TrustSetup | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});

  const onError = (error: ActionError): boolean => {
    const problem = problemIn(error.details);
    setErrors(error.fields ?? {});
    if (problem) setResult({ ok: false, problem });
    return problem !== null || error.fields !== undefined;
  };
  const onTested = (tested: ConnectionCheck) => {
    setErrors({});
    setResult(tested);
  };
  const onSaved = () => {
    toast.success(id === undefined ? "The server was added to the cluster." : "The server was saved.");
    router.push(clusterPath(accountId));
  };
  const onAdded = (added: { trust: TrustSetup | null }) => (added.trust ? setTrust(added.trust) : onSaved());
  const testNew = useAction(testNewMember, { onSuccess: onTested, onError });
  const testKnown = useAction(testMember, { onSuccess: onTested, onError });
  const addNew = useAction(submitNewMember, {
    onSuccess: (added) => {
      onAdded(added);
      if (added.synced) toast.info(syncedWords(added.synced));
    },
    onError,
  });
  const saveKnown = useAction(submitMember, { onSuccess: onSaved, onError });

  const input = (wantedPin: string) => {
    const data = new FormData(form.current ?? undefined);
    const text = (name: string) => String(data.get(name) ?? "");
    return {
      backend,
      host: text("host"),
      username: text("username"),
      token: text("token"),
      debug: data.has("debug"),
      role: dnsRole(text("role")).value,
      pin: wantedPin,
      reverseTrust: data.has("reverseTrust"),
    };
  };
  const test = async (wantedPin: string) => {
    setResult(null);
    const wanted = input(wantedPin);
    await (id === undefined ? testNew.run({ ...wanted, accountId }) : testKnown.run({ ...wanted, id }));
  };
  return {
    form,
    pin,
    result,
    /** The server was added, and this was done to let it call this one. */
    trust,
    errors,
    isTesting: testNew.pending || testKnown.pending,
    isSaving: addNew.pending || saveKnown.pending,
    /** What was found is about what was entered then. */
    onEdited: () => setResult(null),
    /** Trust the system's roots; also when the host changes, as a pin that was accepted for one server says nothing about another. */
    forgetPin() {
      setPin("");
      setResult(null);
    },
    test: () => test(pin),
    /** Accepts a certificate and goes on with the test behind it. */
    accept(accepted: string) {
      setPin(accepted);
      void test(accepted);
    },
    async submit() {
      setResult(null);
      const wanted = input(pin);
      const syncNow = new FormData(form.current ?? undefined).has("syncNow");
      await (id === undefined ? addNew.run({ ...wanted, accountId, syncNow }) : saveKnown.run({ ...wanted, id }));
    },
  };
}

function problemIn(details: unknown): MemberProblem | null {
  if (typeof details !== "object" || details === null || !("problem" in details)) return null;
  return details.problem as MemberProblem;
}

const zones = (count: number) => `${count} ${count === 1 ? "zone" : "zones"}`;

function syncedWords({ fetched, sending, problem }: SyncedNow): string {
  if (problem !== null) return problem;
  return `${zones(fetched)} fetched from it. It is to have ${zones(sending)}, and is sent what it lacks now.`;
}
