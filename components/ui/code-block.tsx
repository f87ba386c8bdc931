import { CopyButton } from "./copy-button";

/** Text to read or copy verbatim: a command, a zone file, a token. */
export function CodeBlock({
  code,
  label,
  wrap = false,
  className,
}: {
  code: string;
  label: string;
  wrap?: boolean;
  className?: string;
}) {
  return (
    <div className={`relative rounded-md border border-line bg-sunken ${className ?? ""}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus to be scrolled by keyboard (WCAG 2.1.1). */}
      <section aria-label={label} tabIndex={0} className="overflow-x-auto py-2 pr-10 pl-3">
        <pre className={wrap ? "whitespace-pre-wrap break-all" : undefined}>
          <code>{code}</code>
        </pre>
      </section>
      <CopyButton text={code} label={`Copy ${label}`} className="absolute top-1 right-1" />
    </div>
  );
}
