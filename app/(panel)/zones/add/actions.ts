"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { checkDomain } from "@/lib/trusted-ips/check-domain";
import { importZoneFile } from "@/lib/zones/import";
import { importFile, templateZone, typedName, zoneText } from "@/lib/zones/schemas";
import { createZone } from "@/lib/zones/service";
import { createZoneFromTemplate } from "@/lib/zones/templates";

/** Adds a zone from a template. */
export const addFromTemplate = action(templateZone, (input, { ctx, actor }) =>
  createZoneFromTemplate(ctx, actor, input),
);

/** Adds a zone from its zone file. */
export const addFromText = action(z.object({ name: typedName, text: zoneText }), (input, { ctx, actor }) =>
  createZone(ctx, actor, input),
);

/** What is doubtful about a domain that was just added, by its nameservers and addresses. Asked apart from adding it: it may have to wait for resolvers. */
export const checkAdded = action(z.object({ name: typedName }), ({ name }, { ctx, actor }) =>
  checkDomain(ctx, actor, name),
);

/** Takes in some of many files, in order; the page sends them in slices and shows how far it is. */
export const importFiles = action(z.array(importFile).max(100), async (files, { ctx, actor }) => {
  const outcomes = [];
  for (const file of files) outcomes.push(await importZoneFile(ctx, actor, file));
  return outcomes;
});
