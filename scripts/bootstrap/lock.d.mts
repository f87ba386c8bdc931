/** Runs `work` while no other process on this checkout runs work of the same name; waits for it otherwise. A lock whose holder died is taken over. */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T>;
