"use client";

import { FieldSet } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { isSubdomain } from "@/lib/dns/name";
import { typedName } from "@/lib/zones/schemas";

interface NameserverFieldsProps {
  /** The domain as typed. */
  apex: string;
  nameservers: readonly string[];
  glue: readonly string[];
  /** By path, such as "nameservers.1". */
  errors: Readonly<Record<string, string>>;
  onChange: (changes: { nameservers?: string[]; glue?: string[] }) => void;
}

/** The zone's nameservers; one that lies in the zone needs an address beside it (glue). */
export function NameserverFields({ apex, nameservers, glue, errors, onChange }: NameserverFieldsProps) {
  const error = Object.entries(errors).find(([path]) => path.startsWith("nameservers") || path.startsWith("glue"))?.[1];
  return (
    <FieldSet legend="Nameservers" help="From the settings. Empty ones are left out." error={error}>
      {nameservers.map((nameserver, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the first, second … nameserver is what a field is.
        <div key={index} className="grid gap-2 sm:grid-cols-2">
          <Input
            mono
            aria-label={`Nameserver ${index + 1}`}
            placeholder={index === 0 ? "ns1.example.net" : undefined}
            value={nameserver}
            onChange={(event) => onChange({ nameservers: nameservers.with(index, event.target.value) })}
          />
          {isInside(nameserver, apex) && (
            <Input
              mono
              aria-label={`IPv4 address of nameserver ${index + 1}`}
              placeholder="Its IPv4 address"
              value={glue[index] ?? ""}
              onChange={(event) => onChange({ glue: glue.with(index, event.target.value) })}
            />
          )}
        </div>
      ))}
    </FieldSet>
  );
}

function isInside(nameserver: string, apex: string): boolean {
  const [name, zone] = [typedName.safeParse(nameserver), typedName.safeParse(apex)];
  return name.success && zone.success && isSubdomain(name.data, zone.data);
}
