"use client";

import { Banner } from "./banner";
import { Button } from "./button";
import { CodeBlock } from "./code-block";
import { Dialog, DialogClose, DialogContent } from "./dialog";

interface SecretOnceProps {
  title: string;
  /** What it is, such as "API token". */
  label: string;
  /** null: closed. */
  secret: string | null;
  onClose: () => void;
}

/** Shows a secret that nobody will see again. Only its button or Escape closes it, not a stray click beside it. */
export function SecretOnce({ title, label, secret, onClose }: SecretOnceProps) {
  return (
    <Dialog open={secret !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={title}
        onPointerDownOutside={(event) => event.preventDefault()}
        footer={
          <DialogClose asChild>
            <Button variant="primary">I have saved it</Button>
          </DialogClose>
        }
      >
        <Banner tone="warn" className="mb-3">
          Save it now: it is shown this once and cannot be read again.
        </Banner>
        <CodeBlock label={label} code={secret ?? ""} wrap />
      </DialogContent>
    </Dialog>
  );
}
