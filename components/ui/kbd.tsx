/** Keys, such as `<Kbd keys="G Z" />`: pressed one after the other when a space stands between them. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line-strong/50 bg-surface px-1 text-[0.6875rem] text-muted leading-none"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
