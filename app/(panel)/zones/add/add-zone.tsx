"use client";

import { useState } from "react";
import { Card } from "@/components/ui/card";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import type { ZoneTemplate } from "@/lib/zones/templates";
import { FromFiles } from "./from-files";
import { FromTemplate } from "./from-template";
import { FromText } from "./from-text";

export type Way = "template" | "text" | "files";

export interface AddZoneProps {
  from: Way;
  templates: readonly ZoneTemplate[];
  /** Canonical names that new zones get. */
  nameservers: readonly string[];
  /** This server's own addresses. */
  addresses: readonly string[];
  contact: string;
  defaultTtl: number;
}

/** Three ways to a zone. All stay mounted, so that nothing typed is lost by looking at another one. */
export function AddZone(props: AddZoneProps) {
  const [way, setWay] = useState<string>(props.from);
  const choose = (next: string) => {
    setWay(next);
    window.history.replaceState(null, "", next === "template" ? "/zones/add" : `/zones/add?from=${next}`);
  };
  const hidden = "pt-4 data-[state=inactive]:hidden";
  return (
    <Tabs value={way} onValueChange={choose}>
      <TabList aria-label="How to add it">
        <Tab value="template">From a template</Tab>
        <Tab value="text">Paste or upload a zone file</Tab>
        <Tab value="files">Many files</Tab>
      </TabList>
      <TabPanel value="template" forceMount className={hidden}>
        <FromTemplate {...props} />
      </TabPanel>
      <TabPanel value="text" forceMount className={hidden}>
        <FromText defaultTtl={props.defaultTtl} />
      </TabPanel>
      <TabPanel value="files" forceMount className={hidden}>
        <Card
          title="Many zone files"
          description="Each file is one zone. A file with an error stops none of the others."
        >
          <FromFiles />
        </Card>
      </TabPanel>
    </Tabs>
  );
}
