/**
 * Lets so much work run at a time; the rest waits in the order in which it came, so nobody waits for ever.
 * @param width pieces of work at a time
 */
export function createSlots(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The slot goes straight to the next one: nobody who comes in between can take it.
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
