-- What the zone list searches in: owner names and rdata of each zone, by substrings of three characters and more.
-- Contentless: the text itself is in the current revision. rowid = Zone.id. Filled by the engine behind the change sequence.
CREATE VIRTUAL TABLE "ZoneSearch" USING fts5("text", tokenize = 'trigram', content = '', contentless_delete = 1);
