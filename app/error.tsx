"use client";

import { ErrorNotice } from "@/components/shell/error-notice";

export default function RootError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-xl place-content-center px-4">
      <ErrorNotice {...props} />
    </main>
  );
}
