import { notFound } from "next/navigation";
import { AppError } from "@/lib/errors";

/** For pages: what `work` finds; the page "not found" when it is missing or not the asker's to see. Other errors pass through. */
export async function orNotFound<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && (error.code === "not-found" || error.code === "forbidden")) notFound();
    throw error;
  }
}
