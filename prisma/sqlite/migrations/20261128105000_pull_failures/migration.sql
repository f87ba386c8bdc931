-- What reading a member failed as the last time: such members are read beside the others.
ALTER TABLE "Member" ADD COLUMN "pullErrorKind" TEXT;
