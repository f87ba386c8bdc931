import { ArrowDown, ArrowUp } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { cn } from "./cn";

interface TableProps extends ComponentProps<"table"> {
  /** What the table lists; names the scroll region and the table. */
  label: string;
  /** Heights at which the table scrolls by itself under its sticky head, such as "max-h-[70vh]". */
  regionClassName?: string;
}

/** A table in a region that scrolls sideways where it must and can be reached by keyboard. */
export function Table({ label, regionClassName, className, ...rest }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus to be scrolled by keyboard (WCAG 2.1.1).
    <section aria-label={label} tabIndex={0} className={cn("relative overflow-auto", regionClassName)}>
      <table
        aria-label={label}
        className={cn("w-full border-separate border-spacing-0 text-left", className)}
        {...rest}
      />
    </section>
  );
}

export function TableHead({ className, ...rest }: ComponentProps<"thead">) {
  return <thead className={cn("sticky top-0 z-10 bg-surface", className)} {...rest} />;
}

export function TableBody(props: ComponentProps<"tbody">) {
  return <tbody {...props} />;
}

export function Row({ className, ...rest }: ComponentProps<"tr">) {
  return <tr className={cn("group hover:bg-ink/3", className)} {...rest} />;
}

interface CellProps extends ComponentProps<"td"> {
  /** Figures align right. */
  numeric?: boolean;
}

export function Cell({ numeric, className, ...rest }: CellProps) {
  return (
    <td
      className={cn("h-8 border-line border-b px-3 py-1 align-middle", numeric && "text-right", className)}
      {...rest}
    />
  );
}

/** The cell that names its row. */
export function RowHeader({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="row"
      className={cn("h-8 border-line border-b px-3 py-1 text-left align-middle font-medium", className)}
      {...rest}
    />
  );
}

interface HeadCellProps extends ComponentProps<"th"> {
  numeric?: boolean;
  /** Sorting happens on the server: the address that sorts by this column (or turns the order), and the order in force. */
  sort?: { href: string; dir: "asc" | "desc" | null };
  /** Keeps the heading for assistive technology only, as over a column of actions. */
  hideLabel?: boolean;
  children: ReactNode;
}

/** A column heading, with a link that sorts when `sort` is given. */
export function HeadCell({ numeric, sort, hideLabel, className, children, ...rest }: HeadCellProps) {
  const Arrow = sort?.dir === "desc" ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sort?.dir ? (sort.dir === "asc" ? "ascending" : "descending") : undefined}
      className={cn(
        "h-8 whitespace-nowrap border-line border-b px-3 font-medium text-muted text-xs",
        numeric && "text-right",
        className,
      )}
      {...rest}
    >
      {sort ? (
        <Link
          href={sort.href}
          replace
          scroll={false}
          className={cn("target inline-flex items-center gap-1 hover:text-ink", sort.dir && "text-ink")}
        >
          {children}
          <Arrow aria-hidden="true" className={cn("size-3", !sort.dir && "invisible")} />
        </Link>
      ) : (
        <span className={hideLabel ? "sr-only" : undefined}>{children}</span>
      )}
    </th>
  );
}
