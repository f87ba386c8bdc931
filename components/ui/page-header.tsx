import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { ScriptsRan } from "./scripts-ran";

interface PageHeaderProps {
  title: ReactNode;
  /** The way here, outermost first. */
  crumbs?: readonly { href: string; label: ReactNode }[];
  description?: ReactNode;
  /** The page's main actions. */
  actions?: ReactNode;
}

/** The page's one heading of level 1, with the way back and its main actions. */
export function PageHeader({ title, crumbs = [], description, actions }: PageHeaderProps) {
  return (
    <header className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
      <ScriptsRan />
      <div className="min-w-0 flex-1 basis-64">
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className="mb-0.5">
            <ol className="flex items-center gap-1 text-muted text-xs">
              {crumbs.map((crumb) => (
                <li key={crumb.href} className="flex items-center gap-1">
                  <Link href={crumb.href} className="target hover:text-ink hover:underline">
                    {crumb.label}
                  </Link>
                  <ChevronRight aria-hidden="true" className="size-3" />
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="break-words font-semibold text-xl tracking-tight">{title}</h1>
        {description && <p className="mt-0.5 max-w-prose text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
