"use server";

import { action } from "@/lib/auth/action";
import { checkProof, proofCheckInput } from "@/lib/proof/check";

export const checkAgain = action(proofCheckInput, (input, { ctx, actor }) => checkProof(ctx, actor, input));
