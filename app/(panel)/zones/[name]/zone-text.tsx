"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Field } from "@/components/ui/field";
import { badLines, type CheckedText, checkText } from "@/components/zones/check-text";
import { ProblemList } from "@/components/zones/problem-list";
import { ZoneTextarea, type ZoneTextareaHandle } from "@/components/zones/zone-textarea";
import type { Zone } from "@/lib/dns/zone";
import { formatZoneFile } from "@/lib/dns/zone-file";

interface ZoneTextProps {
  apex: string;
  /** The zone with what is staged already in it. */
  zone: Zone;
  defaultTtl: number;
  /** The text as a zone, each time it can be read; null while it cannot. */
  onZone: (zone: Zone | null) => void;
}

/** Pause after the last key before the text is read, in ms. */
const PAUSE = 250;

/** The whole zone as its zone file. What is typed becomes staged edits as soon as it can be read. */
export function ZoneText({ apex, zone, defaultTtl, onZone }: ZoneTextProps) {
  const [text, setText] = useState(() => formatZoneFile(zone));
  const [checked, setChecked] = useState<CheckedText | null>(null);
  const area = useRef<ZoneTextareaHandle>(null);
  const isTyped = useRef(false);

  const check = useEffectEvent(() => {
    const found = checkText(text, apex, defaultTtl);
    setChecked(found);
    if (isTyped.current) onZone(found.zone);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what is read.
  useEffect(() => {
    const timer = setTimeout(check, PAUSE);
    return () => clearTimeout(timer);
  }, [text]);

  const problems = checked?.problems ?? [];
  return (
    <div className="grid grid-cols-1 items-start gap-4 p-3 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Field label="Zone file" help="The serial is set when it is saved. Comments are not kept.">
        <ZoneTextarea
          ref={area}
          rows={28}
          value={text}
          badLines={badLines(problems)}
          onChange={(value) => {
            isTyped.current = true;
            setText(value);
          }}
        />
      </Field>
      <div aria-live="polite" className="flex flex-col gap-3 lg:pt-6">
        {checked && checked.errors === 0 && <Banner tone="ok">{checked.records} records, no errors.</Banner>}
        {checked && checked.errors > 0 && (
          <Banner tone="bad" title={checked.errors === 1 ? "One error" : `${checked.errors} errors`}>
            Correct it to go on.
          </Banner>
        )}
        <ProblemList problems={problems} onLine={(line) => area.current?.goToLine(line)} />
      </div>
    </div>
  );
}
