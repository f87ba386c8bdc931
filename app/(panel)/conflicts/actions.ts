"use server";

import { action } from "@/lib/auth/action";
import { keepRequest, restoreRequest } from "@/lib/conflicts/schemas";
import { keepWinner, restoreLost } from "@/lib/conflicts/settle";

/** Makes the copy that lost the newest one. */
export const restoreOtherCopy = action(restoreRequest, (input, { ctx, actor }) => restoreLost(ctx, actor, input));

/** Leaves a zone as the conflict left it; without an id, all of them. */
export const keepAsItIs = action(keepRequest, (input, { ctx, actor }) => keepWinner(ctx, actor, input));
