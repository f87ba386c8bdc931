"use client";

import { Power, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { toast } from "sonner";
import { enableDisabled, previewEnabling } from "@/app/(panel)/cluster/[id]/enable/actions";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import type { CatchUpPreview } from "@/lib/engine/preview-catch-up";
import { CatchUpWords } from "./catch-up-words";

/** Tests the connection, shows what would be caught up, and enables the server. */
export function EnableMember({ id, name }: { id: number; name: string }) {
  const router = useRouter();
  const [preview, setPreview] = useState<CatchUpPreview | null>(null);
  const look = useAction(previewEnabling, { onSuccess: setPreview });
  const enable = useAction(enableDisabled, {
    onSuccess: () => {
      toast.success(`${name} is enabled. It gets what it missed.`);
      router.push(`/cluster/${id}`);
    },
  });
  const begin = useEffectEvent(() => void look.run({ id }));
  useEffect(() => begin(), []);
  return (
    <Card title="What happens when it is enabled">
      <div className="flex flex-col items-start gap-3">
        {look.pending && <p role="status">The connection is tested, and zones are compared. Nothing is changed.</p>}
        {preview && !look.pending && <Found id={id} preview={preview} />}
        <div className="flex flex-wrap gap-2">
          <Button
            variant="primary"
            pending={enable.pending}
            disabled={look.pending || !preview?.check.ok}
            onClick={() => enable.run({ id })}
          >
            {!enable.pending && <Power />} Enable
          </Button>
          <Button pending={look.pending} onClick={() => look.run({ id })}>
            {!look.pending && <RotateCcw />} Test again
          </Button>
        </div>
      </div>
    </Card>
  );
}

function Found({ id, preview: { check, catchUp, problem } }: { id: number; preview: CatchUpPreview }) {
  if (!check.ok)
    return (
      <Banner tone="bad" live title={check.problem.title}>
        {check.problem.advice} It can be enabled when it answers as it should.{" "}
        <Link href={`/cluster/${id}/edit`} className="link">
          Edit it
        </Link>
      </Banner>
    );
  const { software, version } = check.status;
  return (
    <>
      <Banner tone="ok" live title="The connection works.">
        {software} {version} answers at {check.address}.
      </Banner>
      {catchUp ? <CatchUpWords catchUp={catchUp} /> : <p className="text-muted">{problem}</p>}
    </>
  );
}
