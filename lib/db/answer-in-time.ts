import { AppError } from "@/lib/errors";

/**
 * How long whoever looks after this server is kept waiting for its database, in ms. Prometheus waits ten seconds, and asks the database twice: for what it may
 * read, and for the figures.
 */
const LIMIT_MS = 4_000;

/** The same answer, unless the database keeps it waiting. @throws AppError "unavailable" */
export async function answerInTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError("unavailable", "The database does not answer.")), LIMIT_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
