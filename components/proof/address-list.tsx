import { Status, type StatusKind } from "@/components/ui/status";
import { utcWords } from "@/components/ui/time-words";
import type { AddressHealth } from "@/lib/proof/queries-fleet";

const LOOK: Record<NonNullable<AddressHealth["udp"]> | "unasked", { kind: StatusKind; word: string }> = {
  answers: { kind: "ok", word: "answers" },
  silent: { kind: "error", word: "silent" },
  unasked: { kind: "unknown", word: "not asked yet" },
};

/** Where a nameserver answers, and whether it does over UDP and over TCP. */
export function AddressList({ addresses }: { addresses: readonly AddressHealth[] }) {
  return (
    <ul className="flex flex-col gap-0.5">
      {addresses.map((health) => {
        const { address, port, udp, tcp, at, detail } = health;
        return (
          <li key={`${address} ${port}`} title={at === null ? undefined : `Asked ${utcWords(at)}`}>
            <span className="flex flex-wrap items-center gap-x-2">
              <code className="[overflow-wrap:anywhere]">
                {address}
                {port !== 53 && <span className="text-muted">@{port}</span>}
              </code>
              <span className="inline-flex gap-2">
                <Protocol name="UDP" state={udp} />
                <Protocol name="TCP" state={tcp} />
              </span>
            </span>
            {detail !== null && (udp === "silent" || tcp === "silent") && (
              <span className="block max-w-70 text-muted text-xs [overflow-wrap:anywhere]">{detail}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Protocol({ name, state }: { name: string; state: AddressHealth["udp"] }) {
  const { kind, word } = LOOK[state ?? "unasked"];
  return (
    <Status kind={kind} title={`${name} ${word}`} className="gap-1 text-xs">
      {name}
      <span className="sr-only">{` ${word}`}</span>
    </Status>
  );
}
