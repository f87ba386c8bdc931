/**
 * A zone's name for the eye: Unicode with the A-label beneath where they differ. Isolated, so that a right-to-left label cannot reorder what stands beside it.
 */
export function ZoneName({ name, displayName }: { name: string; displayName: string }) {
  const ascii = name.replace(/(?<=.)\.$/, "");
  return (
    <>
      <bdi className="break-all">{displayName}</bdi>
      {displayName !== ascii && (
        <span className="block break-all font-mono font-normal text-muted text-xs">
          <span className="sr-only">, written </span>
          {ascii}
        </span>
      )}
    </>
  );
}
