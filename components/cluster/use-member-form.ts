"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { submitMember, submitNewMember, testMember, testNewMember } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import type { ActionError } from "@/lib/auth/action-result";
import type { ConnectionCheck } from "@/lib/members/check-connection";
import type { MemberProblem } from "@/lib/members/connection-problem";
import type { DnsRole } from "@/lib/members/dns-role";

/** The form's fields as they are typed. */
export interface MemberFields {
  readonly backend: "whm";
  readonly host: string;
  readonly username: string;
  readonly token: string;
  readonly debug: boolean;
  readonly role: DnsRole;
  /** The accepted certificate's pin; empty: the system's roots decide. */
  readonly pin: string;
}

/**
 * State and actions of the remote configuration form.
 * @param id the member that is edited; undefined: a new one
 */
export function useMemberForm(initial: MemberFields, id: number | undefined) {
  const router = useRouter();
  const [fields, setFields] = useState(initial);
  const [result, setResult] = useState<ConnectionCheck | null>(null);
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
    toast.success(id === undefined ? `${fields.host} was added to the cluster.` : `${fields.host} was saved.`);
    router.push("/cluster");
  };
  const testNew = useAction(testNewMember, { onSuccess: onTested, onError });
  const testKnown = useAction(testMember, { onSuccess: onTested, onError });
  const addNew = useAction(submitNewMember, { onSuccess: onSaved, onError });
  const saveKnown = useAction(submitMember, { onSuccess: onSaved, onError });

  const test = async (wanted: MemberFields) => {
    setResult(null);
    await (id === undefined ? testNew.run(wanted) : testKnown.run({ ...wanted, id }));
  };
  return {
    fields,
    result,
    errors,
    isTesting: testNew.pending || testKnown.pending,
    isSaving: addNew.pending || saveKnown.pending,
    change(changes: Partial<MemberFields>) {
      // A pin was accepted for one server: it says nothing about another.
      const pin = changes.host !== undefined && changes.host !== fields.host ? { pin: "" } : {};
      setFields({ ...fields, ...pin, ...changes });
      setResult(null);
    },
    test: () => test(fields),
    /** Accepts a certificate and goes on with the test behind it. */
    accept(pin: string) {
      const wanted = { ...fields, pin };
      setFields(wanted);
      void test(wanted);
    },
    async submit() {
      setResult(null);
      await (id === undefined ? addNew.run(fields) : saveKnown.run({ ...fields, id }));
    },
  };
}

function problemIn(details: unknown): MemberProblem | null {
  if (typeof details !== "object" || details === null || !("problem" in details)) return null;
  return details.problem as MemberProblem;
}
