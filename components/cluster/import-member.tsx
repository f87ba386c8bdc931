"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Link } from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import type { PlannedMember } from "@/lib/cluster/whm-import/import";
import type { MemberProblem } from "@/lib/members/connection-problem";
import { dnsRole } from "@/lib/members/dns-role";
import { CertificatePanel } from "./certificate-panel";

/** What was decided of a server. */
export interface MemberChoice {
  readonly isTicked: boolean;
  readonly token: string;
  /** The pin that was accepted; empty: none. */
  readonly pin: string;
}

interface ImportMemberProps {
  member: PlannedMember;
  choice: MemberChoice;
  /** What the last test of its connection found. */
  problem: MemberProblem | null;
  onChange: (choice: MemberChoice) => void;
}

/** A server of the plan: what adding it does, what is missing, and its tick. */
export function ImportMember({ member, choice, problem, onChange }: ImportMemberProps) {
  const { account, missingAccount, host, username, role, debug, hasToken, notes, obstacle } = member;
  // An accepted certificate is what the problem asked for: the next test decides.
  const isAccepted = choice.pin !== "" && problem?.certificate?.pin === choice.pin;
  const isReady = problem === null || isAccepted;
  const { label, help, warning } = dnsRole(role);
  return (
    <li className="flex flex-col gap-2 p-4">
      <Checkbox
        label={<span className="break-all font-medium">{host}</span>}
        help={
          obstacle === null &&
          `${account === null ? "" : `Joins the cluster of ${account}. `}As ${username}, DNS role ${label}${debug ? ", debug mode on" : ""}. ${help}`
        }
        checked={choice.isTicked}
        disabled={obstacle !== null}
        onChange={(event) => onChange({ ...choice, isTicked: event.target.checked })}
      />
      <div className="ml-6 flex flex-col gap-2">
        {obstacle === null ? (
          hasToken && (
            <Status kind={isReady ? "ok" : "error"} className="whitespace-normal">
              {isAccepted
                ? "Its certificate is accepted."
                : (problem?.title ?? "It answers, and the token may manage the cluster.")}
            </Status>
          )
        ) : (
          <Status kind="paused" className="whitespace-normal">
            {obstacle}
          </Status>
        )}
        {missingAccount !== null && (
          <p className="text-muted">
            <Link href={`/users?create=${encodeURIComponent(missingAccount)}`} className="link">
              Create the reseller {missingAccount}
            </Link>
            , then review the configuration again.
          </p>
        )}
        {obstacle === null && warning && <p className="max-w-prose text-muted text-xs">{warning}</p>}
        {notes.map((note) => (
          <p key={note} className="text-muted">
            {note}
          </p>
        ))}
        {obstacle === null && !hasToken && (
          <>
            <Field label={`API token of ${host}`} className="max-w-96">
              <Input
                mono
                type="password"
                autoComplete="off"
                value={choice.token}
                onChange={(event) =>
                  onChange({ ...choice, token: event.target.value, isTicked: event.target.value !== "" })
                }
              />
            </Field>
            {problem && !isAccepted && (
              <Status kind="error" className="whitespace-normal">
                {problem.title}
              </Status>
            )}
          </>
        )}
        {problem && !isAccepted && <p className="text-muted">{problem.advice}</p>}
        {problem?.certificate && !isAccepted && (
          <CertificatePanel
            isService={false}
            certificate={problem.certificate}
            acceptedPin={problem.acceptedPin}
            onAccept={(pin) => onChange({ ...choice, pin, isTicked: true })}
          />
        )}
      </div>
    </li>
  );
}
