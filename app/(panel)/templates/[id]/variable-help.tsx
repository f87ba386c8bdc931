import { Card } from "@/components/ui/card";
import { TEMPLATE_VARIABLES } from "@/lib/dns/template";

/** What a template may hold between percent signs. */
export function VariableHelp() {
  return (
    <Card title="Variables" description="A line with one that has no value is left out where that is said.">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        {TEMPLATE_VARIABLES.map(({ name, help, optional }) => (
          <div key={name} className="contents">
            <dt>
              <code>%{name}%</code>
            </dt>
            <dd className="text-muted">
              {help}
              {optional && " Left out when empty."}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
