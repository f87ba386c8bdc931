import { Checkbox } from "@/components/ui/checkbox";
import { Field, FieldSet } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RESELLER_ACLS } from "@/lib/tokens/acls";

interface ResellerFieldsProps {
  privileges: readonly string[];
  zoneLimit: number | null;
  memberLimit: number | null;
  errors: Readonly<Record<string, string>>;
}

const HELP: Readonly<Record<string, string>> = {
  clustering: "Sees the DNS Cluster page and adds servers of their own; never yours or other accounts'.",
};

/** What a reseller may do, and how much of it: the part of the form that making and editing share. */
export function ResellerFields({ privileges, zoneLimit, memberLimit, errors }: ResellerFieldsProps) {
  return (
    <>
      <FieldSet legend="Privileges" help="Their API tokens can have these and no others." error={errors.privileges}>
        {RESELLER_ACLS.map(({ name, label }) => (
          <Checkbox
            key={name}
            name="privileges"
            value={name}
            label={
              <>
                {label} <code className="text-muted text-xs">{name}</code>
              </>
            }
            help={HELP[name]}
            defaultChecked={privileges.includes(name)}
          />
        ))}
      </FieldSet>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Zones at most" required={false} help="Empty: no limit." error={errors.zoneLimit}>
          <Input name="zoneLimit" inputMode="numeric" autoComplete="off" defaultValue={zoneLimit ?? ""} />
        </Field>
        <Field
          label="Servers in their cluster at most"
          required={false}
          help="Empty: no limit."
          error={errors.memberLimit}
        >
          <Input name="memberLimit" inputMode="numeric" autoComplete="off" defaultValue={memberLimit ?? ""} />
        </Field>
      </div>
    </>
  );
}

/** What was entered in them, as the actions take it. What is no number is theirs to refuse. */
export function enteredReseller(form: FormData) {
  const limit = (name: string) => {
    const text = String(form.get(name) ?? "").trim();
    return text === "" ? null : Number(text);
  };
  const chosen = new Set(form.getAll("privileges").map(String));
  return {
    privileges: RESELLER_ACLS.flatMap(({ name }) => (chosen.has(name) ? [name] : [])),
    zoneLimit: limit("zoneLimit"),
    memberLimit: limit("memberLimit"),
  };
}
