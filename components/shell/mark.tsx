/** The sign: a signal flag of four fields, one server and its fleet. Decorative; the name stands beside it. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
      <rect x="1" y="1" width="18" height="18" rx="2.5" className="fill-accent" />
      <path
        d="M1 10h9V1h6.5A2.5 2.5 0 0 1 19 3.5V10h-9v9H3.500A2.5 2.5 0 0 1 1 16.500z"
        className="fill-on-accent"
        fillOpacity="0.92"
      />
      <rect x="1" y="1" width="18" height="18" rx="2.5" fill="none" className="stroke-accent" strokeWidth="1.5" />
    </svg>
  );
}
