/** What a hosted DNS service holds of a zone, and what it leaves out. */
export function MemberLimits({ limits }: { limits: readonly string[] }) {
  return (
    <ul className="max-w-prose list-disc space-y-1.5 pl-5">
      {limits.map((limit) => (
        <li key={limit}>{limit}</li>
      ))}
    </ul>
  );
}
