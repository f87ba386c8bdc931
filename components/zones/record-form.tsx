"use client";

import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { RDATA_TYPES, rdataType } from "@/lib/dns/rdata/registry";
import type { RdataType } from "@/lib/dns/rdata/type";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { RdataFields } from "./rdata-fields";
import { doubtfulName, type RecordField, type RecordInput, readRecord } from "./record-input";

interface RecordFormProps {
  apex: string;
  /** What the form starts with. */
  initial: RecordInput;
  /** An edit keeps name and type of an apex SOA. */
  isSoa?: boolean;
  /** What is special about this record, above the fields. */
  note?: string | null;
  /** The TTL that records of this name and type have already; it belongs to all of them (RFC 2181 §5.2). */
  ttlOf: (owner: string, type: string) => { ttl: number; count: number } | null;
  submitLabel: string;
  onSubmit: (record: ZoneRecord) => void;
  onCancel: () => void;
}

const OTHER = "other";

/** Adds or edits one record: fields and help come from the record type. Escape leaves, Enter takes the record over. */
export function RecordForm(props: RecordFormProps) {
  const { apex, initial, isSoa = false, note, ttlOf, submitLabel, onSubmit, onCancel } = props;
  const [input, setInput] = useState(initial);
  const [isTtlTyped, setTtlTyped] = useState(initial.values !== EMPTY_VALUES);
  const [problem, setProblem] = useState<{ field: RecordField; message: string } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const helpId = useId();
  const known = rdataType(input.type);
  const reading = readRecord(input, apex);
  const errorAt = (field: RecordField) => (problem?.field === field ? problem.message : undefined);

  useEffect(() => form.current?.querySelector<HTMLElement>("input:not([readonly]), select")?.focus(), []);

  const change = (changes: Partial<RecordInput>) => {
    const next = { ...input, ...changes };
    const read = isTtlTyped ? null : readRecord({ ...next, ttl: "1" }, apex);
    const owner = read?.ok ? read.record.owner : null;
    const sibling = owner ? ttlOf(owner, next.type) : null;
    setInput(sibling && !("ttl" in changes) ? { ...next, ttl: String(sibling.ttl) } : next);
    setProblem(null);
  };
  const submit = () => {
    if (reading.ok) onSubmit(reading.record);
    else setProblem(reading);
  };
  const siblings = reading.ok ? ttlOf(reading.record.owner, reading.record.type) : null;
  const others = (siblings?.count ?? 0) - (initial.values === EMPTY_VALUES ? 0 : 1);

  return (
    <form
      ref={form}
      data-keys="own"
      aria-label={submitLabel}
      aria-describedby={known ? helpId : undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
      className="flex flex-col gap-3 border-accent border-l-2 bg-accent-soft/40 px-3 py-3"
    >
      {note && <p className="text-warn">{note}</p>}
      <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <Field label="Name" help={<NameHelp apex={apex} />} error={errorAt("owner")}>
          <Input
            mono
            value={input.owner}
            readOnly={isSoa}
            onChange={(event) => change({ owner: event.target.value })}
          />
        </Field>
        <TypeField
          type={input.type}
          known={known}
          isFixed={isSoa}
          error={errorAt("type")}
          onChange={(type) => change({ type, values: {} })}
        />
        <Field
          label="TTL"
          help={
            others > 0
              ? `Shared with ${others === 1 ? "one other record" : `${others} other records`} of this name and type.`
              : "Seconds, or a time such as 1h or 2d."
          }
          error={errorAt("ttl")}
        >
          <Input
            mono
            value={input.ttl}
            onChange={(event) => {
              setTtlTyped(true);
              change({ ttl: event.target.value });
            }}
          />
        </Field>
      </div>
      {known && (
        <p id={helpId} className="max-w-prose text-muted text-xs">
          {known.help}
        </p>
      )}
      <RdataFields
        type={known ?? null}
        values={input.values}
        onChange={(name, value) => change({ values: { ...input.values, [name]: value } })}
      />
      <Doubt input={input} apex={apex} onChange={(values) => change({ values })} />
      {errorAt("data") && (
        <p role="alert" className="text-bad">
          {errorAt("data")}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary">
          {submitLabel}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        {reading.ok && (
          <code className="min-w-0 flex-1 truncate text-muted text-xs" title={reading.record.rdata}>
            {reading.record.owner} {reading.record.ttl} {reading.record.type} {reading.record.rdata}
          </code>
        )}
      </div>
    </form>
  );
}

/** Stands for "nothing was entered yet": then the TTL follows the name and type. */
export const EMPTY_VALUES: Readonly<Record<string, string>> = {};

function NameHelp({ apex }: { apex: string }) {
  return (
    <>
      @ is the zone itself, <bdi className="break-all">{apex}</bdi>
    </>
  );
}

interface TypeFieldProps {
  type: string;
  known: RdataType | undefined;
  isFixed: boolean;
  error: string | undefined;
  onChange: (type: string) => void;
}

function TypeField({ type, known, isFixed, error, onChange }: TypeFieldProps) {
  const types = RDATA_TYPES.filter((entry) => (entry.type === "SOA") === isFixed);
  return (
    <div className="flex flex-col gap-2">
      <Field label="Type" error={known ? error : undefined}>
        <Select
          value={known ? type : OTHER}
          onChange={(event) => onChange(event.target.value === OTHER ? "" : event.target.value)}
        >
          {types.map((entry) => (
            <option key={entry.type}>{entry.type}</option>
          ))}
          {!isFixed && <option value={OTHER}>Other…</option>}
        </Select>
      </Field>
      {!known && (
        <Field label="Type number" help="Such as TYPE65280." error={error}>
          <Input
            mono
            value={type}
            placeholder="TYPE65280"
            onChange={(event) => onChange(event.target.value.toUpperCase())}
          />
        </Field>
      )}
    </div>
  );
}

/** A whole name without its final dot is the commonest mistake in zones: say what it becomes, and offer the other reading. */
function Doubt({
  input,
  apex,
  onChange,
}: {
  input: RecordInput;
  apex: string;
  onChange: (values: RecordInput["values"]) => void;
}) {
  const names = rdataType(input.type)?.fields.filter((field) => field.kind === "name") ?? [];
  const doubts = names.flatMap((field) => {
    const typed = (input.values[field.name] ?? "").trim();
    const becomes = doubtfulName(typed, apex);
    return becomes ? [{ field: field.name, typed, becomes }] : [];
  });
  return doubts.map(({ field, typed, becomes }) => (
    <p key={field} className="flex flex-wrap items-center gap-2 text-warn">
      <span className="break-all">
        Without a final dot this is a name in this zone: <code>{becomes}</code>
      </span>
      <Button size="sm" onClick={() => onChange({ ...input.values, [field]: `${typed}.` })}>
        Use <code>{typed}.</code> instead
      </Button>
    </p>
  ));
}
