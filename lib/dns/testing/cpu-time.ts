/** Runs something and measures the processor time it takes, in milliseconds: the same on a busy machine as on an idle one. */
export function cpuTime<Result>(action: () => Result): { ms: number; result: Result } {
  const before = process.cpuUsage();
  const result = action();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, result };
}
