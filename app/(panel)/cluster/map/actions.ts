"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { askAgain } from "@/lib/cluster/map/ask-members";

export const askClusterAgain = action(z.object({}), (_, { ctx, actor }) => askAgain(ctx, actor));
