"use client";

import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Progress } from "@/components/ui/progress";
import { RadioGroup } from "@/components/ui/radio-group";
import { useEarlyFiles } from "@/components/zones/use-early-files";
import type { ZoneImport } from "@/lib/cluster/import-zones";
import { MAX_ZONE_TEXT } from "@/lib/zones/schemas";
import { importFiles } from "./actions";
import { ImportReport } from "./import-report";

/** Files and characters that go to the server at a time: small enough for the bar to move, large enough for the network. */
const SLICE_FILES = 20;
const SLICE_TEXT = 500_000;

/** Many zone files at once: slice by slice, with a report of each file. */
export function FromFiles() {
  const [onExisting, setOnExisting] = useState<"skip" | "replace">("skip");
  const [total, setTotal] = useState(0);
  const [outcomes, setOutcomes] = useState<readonly ZoneImport[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [isOver, setOver] = useState(false);
  const isStopped = useRef(false);
  const take = useAction(importFiles);
  const picker = useEarlyFiles();
  /** The change set that all parts of an import belong to. */
  const [changeSetId, setChangeSetId] = useState<number>();
  /** What was chosen; the outcomes stand in this order. */
  const chosen = useRef<readonly File[]>([]);

  const run = async (
    places: readonly number[],
    { isAnyway, part }: { isAnyway: boolean; part: number | undefined },
    keep: (place: number, done: ZoneImport) => void,
  ) => {
    isStopped.current = false;
    setRunning(true);
    let id = part;
    try {
      for await (const slice of slices(chosen.current, places)) {
        if (isStopped.current) break;
        const files = slice.map(({ fileName, text }) => ({ fileName, text, onExisting, isAnyway }));
        const done = await take.run({ files, changeSetId: id });
        if (!done) break;
        id = done.changeSetId;
        setChangeSetId(id);
        for (const [index, outcome] of done.outcomes.entries()) keep(slice[index]?.place ?? 0, outcome);
      }
    } finally {
      setRunning(false);
    }
  };

  const send = async (files: readonly File[]) => {
    if (files.length === 0 || isRunning) return;
    chosen.current = files;
    setOutcomes([]);
    setTotal(files.length);
    setChangeSetId(undefined);
    await run([...files.keys()], { isAnyway: false, part: undefined }, (_, outcome) =>
      setOutcomes((before) => [...before, outcome]),
    );
  };
  const addAnyway = (places: readonly number[]) =>
    run(places, { isAnyway: true, part: changeSetId }, (place, outcome) =>
      setOutcomes((before) => before.with(place, outcome)),
    );

  return (
    <div className="flex flex-col gap-4">
      <RadioGroup
        legend="A zone that exists already"
        name="on-existing"
        value={onExisting}
        onChange={setOnExisting}
        options={[
          { value: "skip", label: "is left as it is" },
          { value: "replace", label: "is replaced by the file", help: "What it holds now stays in its history." },
        ]}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the one for keyboards. */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void send([...event.dataTransfer.files]);
        }}
        className={cn(
          "flex flex-col items-center gap-2 rounded-md border border-line-strong border-dashed px-4 py-8 text-center",
          isOver && "border-accent bg-accent-soft",
        )}
      >
        <FileUp aria-hidden="true" className="size-6 text-muted" />
        <p>Drop zone files here, or</p>
        <Button asChild className={isRunning ? "pointer-events-none opacity-55" : undefined}>
          <label>
            Choose files
            <input
              ref={picker}
              type="file"
              multiple
              disabled={isRunning}
              aria-label="Choose files"
              className="sr-only"
              onChange={(event) => {
                const files = [...(event.target.files ?? [])];
                event.target.value = "";
                void send(files);
              }}
            />
          </label>
        </Button>
        <p className="max-w-prose text-muted text-xs">
          The zone's name comes from $ORIGIN or the SOA record in the file, otherwise from the file's name:
          example.com.db.
        </p>
      </div>
      {total > 0 && (
        <div className="flex items-center gap-3">
          <Progress label="Import" value={outcomes.length} max={total} className="flex-1" />
          <p role="status">
            {outcomes.length} of {total} files
          </p>
          {isRunning && (
            <Button size="sm" onClick={() => (isStopped.current = true)}>
              Stop
            </Button>
          )}
        </div>
      )}
      {outcomes.length > 0 && (
        <ImportReport
          outcomes={outcomes}
          isDone={!isRunning}
          changeSetId={changeSetId}
          onAnyway={isRunning ? undefined : (places) => void addAnyway(places)}
        />
      )}
    </div>
  );
}

interface PlacedFile {
  readonly place: number;
  readonly fileName: string;
  readonly text: string;
}

/** Reads files as they are needed: never all of them in memory. */
async function* slices(files: readonly File[], places: readonly number[]): AsyncGenerator<PlacedFile[]> {
  let slice: PlacedFile[] = [];
  let size = 0;
  for (const place of places) {
    const file = files[place];
    if (!file) continue;
    // One character more than a zone may have is enough for the server to say that it is too large.
    const text = await file.slice(0, MAX_ZONE_TEXT + 1).text();
    if (slice.length > 0 && (slice.length >= SLICE_FILES || size + text.length > SLICE_TEXT)) {
      yield slice;
      [slice, size] = [[], 0];
    }
    slice.push({ place, fileName: file.name, text });
    size += text.length;
  }
  if (slice.length > 0) yield slice;
}
