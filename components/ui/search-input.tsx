"use client";

import { Search } from "lucide-react";
import Form from "next/form";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState, useTransition } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

interface SearchInputProps {
  label: string;
  placeholder?: string;
  /** Query parameter it writes; the page reads it on the server. */
  param?: string;
  /** Parameters that a new search takes away, such as the page number. */
  resets?: readonly string[];
  className?: string;
}

/** Pause after the last key before the server is asked, in ms. */
const PAUSE = 120;

/** Search as you type: the text goes to the address, the server answers. The "/" key comes here. Without JavaScript, Enter submits. */
export function SearchInput({ label, placeholder, param = "q", resets = ["page"], className }: SearchInputProps) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [text, setText] = useState(params.get(param) ?? "");
  const [isPending, startTransition] = useTransition();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const search = (value: string) => {
    const next = new URLSearchParams(params);
    for (const name of resets) next.delete(name);
    if (value.trim() === "") next.delete(param);
    else next.set(param, value);
    startTransition(() => router.replace(`${pathname}?${next}`, { scroll: false }));
  };
  const change = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(value), PAUSE);
  };
  // What was typed before the page's scripts ran raised its events when nobody listened.
  const adoptEarlyText = useEffectEvent(() => {
    if (input.current && input.current.value !== text) change(input.current.value);
  });

  useEffect(() => {
    adoptEarlyText();
    return () => clearTimeout(timer.current);
  }, []);

  return (
    <Form action={pathname} replace scroll={false} className={cn("relative w-full max-w-sm", className)}>
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-muted" />
      <input
        ref={input}
        type="search"
        name={param}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        data-search-input=""
        autoComplete="off"
        spellCheck={false}
        className="control h-8 px-8 text-sm"
        onChange={(event) => change(event.target.value)}
      />
      {isPending && <Spinner className="absolute top-2.5 right-2.5 text-muted" />}
    </Form>
  );
}
