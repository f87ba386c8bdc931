/** Builds pages and server when a source changed since the last build, or always with `force`. @throws SetupError with the compiler's words. */
export function ensureBuild(options?: { force?: boolean }): Promise<void>;

/** Says which sources the build at hand was made from; empty when there is none. */
export function buildFingerprint(): string;
