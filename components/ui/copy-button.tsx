"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { IconButton } from "./icon-button";

/** Copies `text`. Says so, or says that the browser refused. */
export function CopyButton({ text, label = "Copy", className }: { text: string; label?: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    } catch {
      // Browsers allow the clipboard only over HTTPS and only by their own rules.
      toast.error("The browser did not allow copying. Select the text and copy it by hand.");
    }
  };
  return (
    <>
      <IconButton label={label} size="icon-sm" onClick={copy} className={className}>
        {copied ? <Check /> : <Copy />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
