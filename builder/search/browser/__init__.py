"""Postings in, the index out that readers' browsers search: static files, loaded as a question needs them, from `file://` too.

    manifest.js             what there is: how many stories, of which years, and which file holds which terms
    t/DIGEST.js             terms of one stretch of the alphabet, each with the stories that have it
    p/DIGEST.js             where in these stories the terms stand; only phrases ask for it
    v/DIGEST.js             words as they are written; only `word*` and "did you mean" ask for them
    i/DIGEST.js             in a large archive, a part of the list of the files t, p or v
    y/DIGEST.js             the days of a year, and the names of the files with its stories; the manifest has those of one or two
    f/DIGEST.js             the agencies, tags … of a year's stories
    d/YEAR/NAME.js          four stories: what a list of hits shows, and the text that excerpts are cut from

Every file but the manifest is named by what it holds, so files of two builds are never taken for one another: one that
is gone has been replaced, and the reader loads the manifest anew. What each holds is a pure function of the archive:
`story_numbers` numbers the stories, `postings` and `shards` say how terms are coded and cut into files, `store` keeps them between
builds, `layout` plans the files, `data_scripts` writes them. `static/search/` reads them.
"""
