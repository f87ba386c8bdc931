"use client";

import { type ReactNode, useId, useState } from "react";
import { Button } from "./button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";

interface ConfirmDialogProps {
  /** The control that opens it; leave out when `open` is controlled. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  title: ReactNode;
  /** What happens, in words, and whether it can be undone. */
  description: ReactNode;
  confirmLabel: string;
  tone?: "primary" | "danger";
  /** For what cannot be undone: the exact text that has to be typed first. */
  typed?: string;
  /** Runs on confirmation; the dialog closes when it resolves to anything but `false`. */
  onConfirm: () => unknown | Promise<unknown>;
  children?: ReactNode;
}

/** Asks before something that matters. */
export function ConfirmDialog({ trigger, open, onOpenChange, typed, onConfirm, ...rest }: ConfirmDialogProps) {
  const formId = useId();
  const [ownOpen, setOwnOpen] = useState(false);
  const [text, setText] = useState("");
  const [pending, setPending] = useState(false);
  const setOpen = (next: boolean) => {
    setText("");
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  const confirm = async () => {
    setPending(true);
    try {
      if ((await onConfirm()) !== false) setOpen(false);
    } finally {
      setPending(false);
    }
  };
  const footer = (
    <>
      <DialogClose asChild>
        <Button>Cancel</Button>
      </DialogClose>
      <Button
        type="submit"
        form={formId}
        variant={rest.tone ?? "danger"}
        pending={pending}
        disabled={typed !== undefined && text !== typed}
      >
        {rest.confirmLabel}
      </Button>
    </>
  );
  return (
    <Dialog open={open ?? ownOpen} onOpenChange={setOpen}>
      {trigger && <DialogTrigger asChild>{trigger}</DialogTrigger>}
      <DialogContent title={rest.title} description={rest.description} footer={footer} size="sm">
        <form
          id={formId}
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            void confirm();
          }}
          className="flex flex-col gap-3 empty:hidden"
        >
          {rest.children}
          {typed !== undefined && (
            <Field
              label={
                <>
                  Type <code className="select-all font-semibold">{typed}</code> to confirm
                </>
              }
            >
              <Input mono value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" />
            </Field>
          )}
        </form>
      </DialogContent>
    </Dialog>
  );
}
