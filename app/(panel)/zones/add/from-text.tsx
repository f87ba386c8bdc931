"use client";

import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { badLines, type CheckedText, checkText } from "@/components/zones/check-text";
import { ProblemList } from "@/components/zones/problem-list";
import { useEarlyFiles } from "@/components/zones/use-early-files";
import { zonePath } from "@/components/zones/zone-path";
import { ZoneTextarea, type ZoneTextareaHandle } from "@/components/zones/zone-textarea";
import { silentWords } from "@/lib/cluster/silent-words";
import { toUnicode } from "@/lib/dns/name";
import type { ZoneProblem } from "@/lib/dns/zone";
import { nameOfZoneFile } from "@/lib/zones/import-name";
import { typedName } from "@/lib/zones/schemas";
import { addFromText } from "./actions";
import { AddError } from "./add-error";
import { warnOfDomain } from "./warn-of-domain";

/** Pause after the last key before the text is read, in ms. */
const PAUSE = 200;
const EXAMPLE = `$ORIGIN example.com.
$TTL 4h
@    IN SOA ns1.example.net. hostmaster.example.com. 1 1h 30m 2w 1h
     IN NS  ns1.example.net.
www  IN A   192.0.2.10`;

/** One zone from its zone file, pasted or uploaded, with what is wrong in it beside the text while it is typed. */
export function FromText({ defaultTtl }: { defaultTtl: number }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [fileName, setFileName] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const [checked, setChecked] = useState<CheckedText | null>(null);
  const area = useRef<ZoneTextareaHandle>(null);
  const picker = useEarlyFiles();

  const guessed = nameOfZoneFile(fileName, text)?.name;
  const shownName = typed ?? (guessed ? toUnicode(guessed) : "");
  const name = typedName.safeParse(shownName);
  const apex = name.success ? name.data : null;

  const { run, pending, error, clearError } = useAction(addFromText, {
    onSuccess: (ref) => {
      toast.success("The zone was added.");
      if (ref.silent.length > 0) toast.warning(silentWords(ref.silent));
      router.push(zonePath(ref.name));
      void warnOfDomain(ref.name);
    },
    onError: (failed) => failed.code === "invalid-input" || failed.code === "conflict",
  });

  const check = useEffectEvent(() =>
    setChecked(text.trim() === "" || !apex ? null : checkText(text, apex, defaultTtl)),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: text and name are what is read.
  useEffect(() => {
    const timer = setTimeout(check, PAUSE);
    return () => clearTimeout(timer);
  }, [text, apex]);

  const problems = checked?.problems ?? serverProblems(error?.details);
  return (
    <form
      noValidate
      aria-label="Add a zone from a zone file"
      onSubmit={(event) => {
        event.preventDefault();
        void run({ name: shownName, text });
      }}
      className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <Card>
        <div className="flex flex-col gap-4">
          <div className="grid grid-cols-1 items-end gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
            <Field label="Domain" error={error?.fields?.name}>
              <Input
                mono
                autoComplete="off"
                placeholder="Taken from the text or the file's name"
                value={shownName}
                onChange={(event) => setTyped(event.target.value)}
              />
            </Field>
            <Button asChild>
              <label>
                <Upload aria-hidden="true" /> Upload a file
                <input
                  ref={picker}
                  type="file"
                  className="sr-only"
                  aria-label="Upload a file"
                  onChange={async (event) => {
                    const [file] = event.target.files ?? [];
                    event.target.value = "";
                    if (!file) return;
                    setText(await file.text());
                    setFileName(file.name);
                    setTyped(null);
                    clearError();
                  }}
                />
              </label>
            </Button>
          </div>
          <Field label="Zone file">
            <ZoneTextarea
              ref={area}
              rows={22}
              value={text}
              placeholder={EXAMPLE}
              badLines={badLines(problems)}
              onChange={(value) => {
                setText(value);
                clearError();
              }}
            />
          </Field>
          <div>
            <Button type="submit" variant="primary" pending={pending} disabled={text.trim() === ""}>
              Add zone
            </Button>
          </div>
        </div>
      </Card>
      <div aria-live="polite" className="flex flex-col gap-3">
        {error && (
          <AddError
            error={error}
            pending={pending}
            onAnyway={() => void run({ name: shownName, text, isAnyway: true })}
          />
        )}
        {text.trim() !== "" && !apex && (
          <Banner tone="warn">
            {shownName === ""
              ? "Nothing in the text says which zone it is. Enter the domain."
              : "Correct the domain name."}
          </Banner>
        )}
        {checked && checked.errors === 0 && (
          <Banner tone="ok">
            {checked.records} records, no errors. The domain is <bdi className="break-all font-medium">{shownName}</bdi>
            .
          </Banner>
        )}
        {checked && checked.errors > 0 && (
          <Banner tone="bad" title={checked.errors === 1 ? "One error" : `${checked.errors} errors`} />
        )}
        <ProblemList problems={problems} onLine={(line) => area.current?.goToLine(line)} />
      </div>
    </form>
  );
}

/** What the server found, for a text that the page could not read by itself. */
function serverProblems(details: unknown): readonly ZoneProblem[] {
  return (details as { problems?: readonly ZoneProblem[] } | undefined)?.problems ?? [];
}
