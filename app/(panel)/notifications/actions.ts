"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/auth/action";
import { noticeId } from "@/lib/notifications/schemas";
import { sendAgain } from "@/lib/notifications/send-again";

/** One delivery, by its own id. */
export const sendNoticeAgain = action(noticeId, async (input, { ctx, actor }) => {
  await sendAgain(ctx, actor, input);
  revalidatePath("/notifications", "layout");
  return true;
});
