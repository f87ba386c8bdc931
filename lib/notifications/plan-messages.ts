/** Messages that one recipient gets within a minute at most. What is more comes together in one. */
export const MOST_A_MINUTE = 5;
export const MINUTE_MS = 60_000;

/** A message that was tried so often in vain is stuck: for its own reasons it may be for a day, and what comes after it does not wait for it. */
export const STUCK_AFTER = 3;

/**
 * Makes messages of what waits for one recipient: each its own while there is room, all of it together when there is not enough, and nothing yet when
 * there is none at all. So a storm is read in one go, and a recipient never gets more than five new mails in a minute.
 * @param waiting ids of deliveries, oldest first
 * @param recent how many messages to this recipient are on their way or were sent within the last minute
 * @param stuck how many are stuck beside those; where they are many there is room for one: it may be the recipient, and not the message
 */
export function planMessages(waiting: readonly number[], recent: number, stuck = 0): number[][] {
  const room = (stuck < MOST_A_MINUTE ? MOST_A_MINUTE : 1) - recent;
  if (waiting.length === 0 || room <= 0) return [];
  return waiting.length <= room ? waiting.map((id) => [id]) : [[...waiting]];
}

const FIRST_RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = 60 * MINUTE_MS;
/** Tries of one message: with the pauses below these are a day and some hours. */
export const MOST_ATTEMPTS = 30;

/** @param attempts tries so far, the current one included (≥ 1) */
export function retryPause(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_RETRY_MS);
}
