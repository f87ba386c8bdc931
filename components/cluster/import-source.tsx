"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import type { ConfigSource } from "@/lib/cluster/whm-import/config-files";

const PACK =
  "tar -czf cluster.tar.gz -C / --ignore-failed-read var/cpanel/useclusteringdns var/cpanel/cpanel.config var/cpanel/cluster var/cpanel/clusterqueue/status etc/ips.remotedns";

interface ImportSourceProps {
  pending: boolean;
  onChosen: (source: ConfigSource) => void;
}

/** Where the configuration is: an archive from the WHM server, or a folder of this one. */
export function ImportSource({ pending, onChosen }: ImportSourceProps) {
  const [kind, setKind] = useState<"archive" | "directory">("archive");
  const [file, setFile] = useState<File | null>(null);
  const [directory, setDirectory] = useState("/");
  const submit = async () => {
    if (kind === "directory") onChosen({ directory });
    else if (file) onChosen({ archive: new Uint8Array(await file.arrayBuffer()) });
  };
  return (
    <Card title="Where the configuration is">
      <form
        className="flex max-w-[44rem] flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <RadioGroup
          legend="Read it from"
          name="source"
          value={kind}
          onChange={setKind}
          options={[
            { value: "archive", label: "an archive (tar or tar.gz)" },
            {
              value: "directory",
              label: "a folder of this server",
              help: "If WHM ran on this machine, or its files were copied here.",
            },
          ]}
        />
        {kind === "archive" ? (
          <>
            <div>
              <p className="mb-1 text-muted">On the WHM server, this command packs what is read, as root:</p>
              <CodeBlock label="command that packs the configuration" code={PACK} wrap />
            </div>
            <Field label="Archive" help="It holds tokens of other servers: delete it when you are done.">
              <Input
                type="file"
                accept=".tar,.tgz,.gz,application/gzip,application/x-tar"
                onChange={(event) => setFile(event.target.files?.[0] ?? null)}
              />
            </Field>
          </>
        ) : (
          <Field label="Folder" help="The one that holds var and etc: / on the WHM server itself.">
            <Input mono value={directory} onChange={(event) => setDirectory(event.target.value)} />
          </Field>
        )}
        <Button type="submit" className="w-fit" pending={pending} disabled={kind === "archive" && !file}>
          Review
        </Button>
      </form>
    </Card>
  );
}
