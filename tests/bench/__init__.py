"""`make bench`: Morgue beside Hugo, Pagefind and Pelican on the same articles, in one run, on any machine.

`vocabulary` and `archives` make the articles, `ours` (`without` its index for browsers, too) and `peers` have them built while
`cost` looks on, `search` asks both searches in a browser; `table` and `chart` show what came of it. Nothing here asserts a time.
"""
