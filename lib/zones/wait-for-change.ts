import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { subscribe } from "@/lib/live/bus";
import { type Goal, judgeChange, type Verdict } from "./change-verdict";
import { changeReceipts, type Receipts } from "./receipts";

/** The longest wait, and the one without a word, in seconds. */
export const MOST_SECONDS = 300;
export const DEFAULT_SECONDS = 30;
/** How often a waiter looks without a hint: another process on the same database may do the work. */
const LOOK_MS = 2_000;
/** Waiters of one server, and of one account of it. Each costs a look every other second. */
const MOST_WAITERS = 200;
const MOST_OF_ONE = 50;

export type ChangeVerdict = Omit<Receipts, "targets"> & Verdict;

/** Who waits at one database in this process: the user of each. */
const rooms = new WeakMap<object, Map<Bell, number>>();

function roomOf({ db }: Pick<Context, "db">): Map<Bell, number> {
  const room = rooms.get(db) ?? new Map<Bell, number>();
  rooms.set(db, room);
  return room;
}

/** Ends every wait with what is known by then: the server stops. */
export function endWaits(ctx: Pick<Context, "db">): void {
  for (const bell of roomOf(ctx).keys()) bell.end();
}

/**
 * Waits until a change is where `goal` wants it, or `seconds` are over.
 * @param signal ends the wait early: who asked is gone
 * @returns how far it has come, reached or not
 * @throws AppError "not-found", also for another account's change; "rate-limited" when too many wait already
 */
export async function waitForChange(
  ctx: Context,
  actor: UserActor,
  input: { readonly seq: number; readonly goal: Goal; readonly seconds: number },
  signal: AbortSignal,
): Promise<ChangeVerdict> {
  const look = async (): Promise<ChangeVerdict> => {
    const receipts = await changeReceipts(ctx, actor, input.seq);
    return { ...receipts, ...judgeChange(receipts, input.goal) };
  };
  const room = roomOf(ctx);
  const own = [...room.values()].filter((userId) => userId === actor.userId).length;
  const isFull = room.size >= MOST_WAITERS || own >= MOST_OF_ONE;
  if (input.seconds === 0 || isFull) {
    const verdict = await look();
    if (!verdict.isReached && input.seconds > 0) throw tooMany();
    return verdict;
  }
  const bell = new Bell();
  room.set(bell, actor.userId);
  const stopRinging = ringFor(bell, input.seconds, signal);
  try {
    for (;;) {
      const verdict = await look();
      if (verdict.isReached || bell.isOver) return verdict;
      bell.zone = verdict.zone;
      await bell.rung();
    }
  } finally {
    stopRinging();
    room.delete(bell);
  }
}

function tooMany(): AppError {
  const message = "Too many wait for changes already. Ask without waiting, or again in a moment.";
  return new AppError("rate-limited", message, { details: { retryAfterMs: LOOK_MS } });
}

/** Wakes one waiter. A ring while it looks is not lost. */
class Bell {
  /** The zone whose hints are its; null: it is not known yet, so all are. */
  zone: string | null = null;
  isOver = false;
  #isRung = false;
  #wake = () => {};

  ring(): void {
    this.#isRung = true;
    this.#wake();
  }

  end(): void {
    this.isOver = true;
    this.ring();
  }

  async rung(): Promise<void> {
    if (!this.#isRung) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#isRung = false;
  }
}

/** @returns the function that ends it */
function ringFor(bell: Bell, seconds: number, signal: AbortSignal): () => void {
  const end = () => bell.end();
  const steady = setInterval(() => bell.ring(), LOOK_MS);
  const limit = setTimeout(end, seconds * 1_000);
  const unsubscribe = subscribe((topic) => {
    if (topic === "members" || (bell.zone === null ? topic.startsWith("zone:") : topic === `zone:${bell.zone}`))
      bell.ring();
  });
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  return () => {
    clearInterval(steady);
    clearTimeout(limit);
    unsubscribe();
    signal.removeEventListener("abort", end);
  };
}
