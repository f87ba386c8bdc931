/** Text with the first place marked where `part` stands, whatever its case. */
export function Highlight({ text, part }: { text: string; part: string }) {
  const at = part === "" ? -1 : text.toLowerCase().indexOf(part.toLowerCase());
  if (at < 0) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {text.slice(0, at)}
      <mark className="rounded-xs bg-accent-soft text-ink">{text.slice(at, at + part.length)}</mark>
      {text.slice(at + part.length)}
    </bdi>
  );
}
