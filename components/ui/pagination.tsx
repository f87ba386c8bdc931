import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { Button } from "./button";

interface PaginationProps {
  /** From 1. */
  page: number;
  pageSize: number;
  total: number;
  /** What is counted, as a plural: "zones". */
  noun: string;
  /** Address of a page. */
  href: (page: number) => string;
}

const figure = new Intl.NumberFormat("en");

/** "51–100 of 1,204 zones" with links to the neighbours. Plain links: works without JavaScript. */
export function Pagination({ page, pageSize, total, noun, href }: PaginationProps) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  const from = Math.min(total, (page - 1) * pageSize + 1);
  const to = Math.min(total, page * pageSize);
  return (
    <nav aria-label={`Pages of ${noun}`} className="flex h-11 items-center gap-2 px-3 text-muted">
      <p className="flex-1">
        {total > pageSize ? `${figure.format(from)}–${figure.format(to)} of ` : ""}
        {figure.format(total)} {noun}
      </p>
      {last > 1 && (
        <>
          <Step href={page > 1 ? href(page - 1) : null} label="Previous page">
            <ChevronLeft aria-hidden="true" />
          </Step>
          <span className="whitespace-nowrap">
            Page {figure.format(page)} of {figure.format(last)}
          </span>
          <Step href={page < last ? href(page + 1) : null} label="Next page">
            <ChevronRight aria-hidden="true" />
          </Step>
        </>
      )}
    </nav>
  );
}

function Step({ href, label, children }: { href: string | null; label: string; children: ReactNode }) {
  if (href === null)
    return (
      <Button size="icon-sm" disabled aria-label={label}>
        {children}
      </Button>
    );
  return (
    <Button size="icon-sm" asChild>
      <Link href={href} aria-label={label}>
        {children}
      </Link>
    </Button>
  );
}
