"use client";

import { type Ref, useImperativeHandle, useRef } from "react";
import { Textarea } from "@/components/ui/textarea";

/** What a list of problems beside the text needs of it. */
export interface ZoneTextareaHandle {
  /** Selects a line (from 1) and brings it into sight. */
  goToLine(line: number): void;
}

interface ZoneTextareaProps {
  value: string;
  onChange: (value: string) => void;
  /** Lines that have an error, marked in the margin. */
  badLines?: ReadonlySet<number>;
  rows?: number;
  placeholder?: string;
  ref?: Ref<ZoneTextareaHandle>;
}

/** Pixels; the class leading-5. */
const LINE_HEIGHT = 20;

/** A zone file as text with numbered lines. Inside a `Field` it needs no id. */
export function ZoneTextarea({ value, onChange, badLines, rows = 20, placeholder, ref }: ZoneTextareaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const margin = useRef<HTMLPreElement>(null);
  useImperativeHandle(ref, () => ({
    goToLine(line) {
      const { start, end } = lineRange(value, line);
      area.current?.focus();
      area.current?.setSelectionRange(start, end);
      if (area.current) area.current.scrollTop = Math.max(0, (line - 4) * LINE_HEIGHT);
    },
  }));
  const lines = countLines(value);
  return (
    <div className="relative overflow-hidden rounded-md">
      <div
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-px left-px z-[1] w-11 overflow-hidden rounded-l-md border-line border-r bg-sunken"
      >
        <pre
          ref={margin}
          className="py-1.5 pr-2 text-right font-mono text-[0.7rem] text-muted leading-5 [font-feature-settings:'tnum']"
        >
          {Array.from({ length: Math.min(lines, 100_000) }, (_, index) => index + 1).join("\n")}
        </pre>
        <BadMarks lines={badLines} />
      </div>
      <Textarea
        ref={area}
        mono
        rows={rows}
        wrap="off"
        dir="ltr"
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          const top = `translateY(${-event.currentTarget.scrollTop}px)`;
          for (const child of margin.current?.parentElement?.children ?? [])
            if (child instanceof HTMLElement) child.style.transform = top;
        }}
        className="block resize-y pl-13"
      />
    </div>
  );
}

function BadMarks({ lines }: { lines: ReadonlySet<number> | undefined }) {
  return (
    <div className="absolute inset-x-0 top-1.5">
      {[...(lines ?? [])].map((line) => (
        <span
          key={line}
          style={{ top: (line - 1) * LINE_HEIGHT }}
          className="absolute inset-x-0 block h-5 border-bad border-l-[3px] bg-bad/15"
        />
      ))}
    </div>
  );
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function lineRange(text: string, line: number): { start: number; end: number } {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf("\n", start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return { start, end: end < 0 ? text.length : end };
}
