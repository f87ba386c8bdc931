-- What each member said of the cluster's links.
CREATE TABLE "MemberPaths" (
    "memberId" INTEGER NOT NULL,
    "askedAt" BIGINT NOT NULL,
    "answeredAt" BIGINT,
    "answer" TEXT NOT NULL DEFAULT '[]',
    "error" TEXT,

    CONSTRAINT "MemberPaths_pkey" PRIMARY KEY ("memberId")
);
