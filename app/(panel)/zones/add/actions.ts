"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { openImport } from "@/lib/change-sets/open-import";
import { changeSetId } from "@/lib/change-sets/schemas";
import { addZone } from "@/lib/cluster/add-zone";
import { importZones } from "@/lib/cluster/import-zones";
import { checkDomain } from "@/lib/trusted-ips/check-domain";
import { importFile, templateZone, typedName, zoneText } from "@/lib/zones/schemas";
import { createZone } from "@/lib/zones/service";
import { createZoneFromTemplate } from "@/lib/zones/templates";

/** Ticked by whoever was told that a member has the zone already. */
const isAnyway = z.boolean().default(false);

/** Adds a zone from a template. */
export const addFromTemplate = action(templateZone.extend({ isAnyway }), (input, { ctx, actor }) =>
  addZone(ctx, actor, input, () => createZoneFromTemplate(ctx, actor, input)),
);

/** Adds a zone from its zone file. */
export const addFromText = action(z.object({ name: typedName, text: zoneText, isAnyway }), (input, { ctx, actor }) =>
  addZone(ctx, actor, input, () => createZone(ctx, actor, { name: input.name, text: input.text })),
);

/** What is doubtful about a domain that was just added, by its nameservers and addresses. Asked apart from adding it: it may have to wait for resolvers. */
export const checkAdded = action(z.object({ name: typedName }), ({ name }, { ctx, actor }) =>
  checkDomain(ctx, actor, name),
);

/** Takes in some of many files, in order; the page sends them in slices, all of one change set, and shows how far it is. */
export const importFiles = action(
  z.object({ files: z.array(importFile).max(100), changeSetId: changeSetId.optional() }),
  async ({ files, changeSetId: given }, { ctx, actor }) => {
    const changeSetId = await openImport(ctx, actor, given);
    return { changeSetId, outcomes: await importZones(ctx, actor, files, { isPart: true, changeSetId }) };
  },
);
